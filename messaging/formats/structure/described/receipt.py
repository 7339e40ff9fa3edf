"""Applikasjonskvittering 1.0 and 1.1: the same but for the namespace, and where the role is declared."""

from messaging.formats.structure.described.parties import ADDRESS, HCP, PROFESSIONAL, UNITS

_COMMON = f"""
{ADDRESS}{UNITS}{HCP}{PROFESSIONAL}
AppRec: MsgType=cs MIGversion=text SoftwareName?=text SoftwareVersion?=text GenDate=datetime Id=text Sender=Party Receiver=Party
    Status=cs Error*=cv OriginalMsgId
OriginalMsgId: MsgType=cs IssueDate=datetime Id=text
Inst: Name?=text Id?=text TypeId?=cs Dept* AdditionalId* HCPerson*
"""

TEXTS = (
    f"""
namespace ar10 http://www.kith.no/xmlstds/apprec/2004-11-21
{_COMMON}
type Party: Role? HCP
Role: =cs
""",
    f"""
namespace ar11 http://www.kith.no/xmlstds/apprec/2012-02-15
{_COMMON}
type Party: Role?=cs HCP
""",
)
