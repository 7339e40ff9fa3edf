"""What the older messages (root `Message`) have in common: parties, identities, enclosed documents, results."""

ADDRESS = """
AdditionalId: Id=text Type=cs
Address: Type=cs StreetAdr?=text PostalCode?=text City?=text County?=cs Country?=cs CityDistr?=cs TeleAddress*=url
"""
UNITS = """
Dept: Type?=cs Name?=text Id?=text TypeId?=cs AdditionalId*
HCPerson: Name?=text Id?=text TypeId?=cs AdditionalId*
"""
PARTIES = """
Requester: Role?=cs ComMethod?=cs HCP
ServProvider: Role?=cs ComMethod?=cs HCP
"""
COPY = """
CopyDest: Role?=cs CopyDestRole* HCP
CopyDestRole: MsgType=cs ReqComMethod?=cs ActComMethod?=cs
"""
PROFESSIONAL = "HCProf: Type?=cs Name?=text Id?=text TypeId?=cs AdditionalId*\n"
INSTITUTION = "Inst: Name?=text Id?=text TypeId?=cs Dept* HCPerson* AdditionalId*\n"
# The standard spells the speciality's element in two ways.
HCP = "HCP: ( Inst | HCProf ) MedSpeciality?=cv Address?\n"
ENCLOSED = """
RefDoc: IssueDate?=ts MsgType=cs Id?=text MimeType?=text Description?=text Compression?=cs ( FileReference?=uri | Content?=open ){more}
"""
RESULTS = """
NumResult: ArithmeticComp?=cs NumResultValue=pq
Interval: Low?=pq High?=pq
DateResult: DateResultValue=ts
"""
MODIFIED = """
Modifier: Name=cs Value+=cv
"""
