"""XML signatures, which the head of a message may carry."""

TEXT = """
namespace ds http://www.w3.org/2000/09/xmldsig#
Signature: SignedInfo SignatureValue KeyInfo? Object* @Id=id
SignatureValue: =base64 @Id=id
SignedInfo: CanonicalizationMethod SignatureMethod Reference+ @Id=id
CanonicalizationMethod: mixed {strict}* @Algorithm!=uri
SignatureMethod: mixed HMACOutputLength?=integer {strict other}* @Algorithm!=uri
Reference: Transforms? DigestMethod DigestValue @Id=id @URI=uri @Type=uri
Transforms: Transform+
Transform: mixed ( {lax other} | XPath=text )* @Algorithm!=uri
DigestMethod: mixed {lax other}* @Algorithm!=uri
DigestValue: =base64
KeyInfo: mixed ( KeyName | KeyValue | RetrievalMethod | X509Data | PGPData | SPKIData | MgmtData | {lax other} )+ @Id=id
KeyName: =text
MgmtData: =text
KeyValue: mixed ( DSAKeyValue | RSAKeyValue | {lax other} )
RetrievalMethod: Transforms? @URI=uri @Type=uri
X509Data: ( X509IssuerSerial=IssuerSerial | X509SKI=base64 | X509SubjectName=text | X509Certificate=base64 | X509CRL=base64 | {lax other} )+
type IssuerSerial: X509IssuerName=text X509SerialNumber=integer
PGPData: ( PGPKeyID=base64 PGPKeyPacket?=base64 {lax other}* ) | ( PGPKeyPacket=base64 {lax other}* )
SPKIData: ( SPKISexp=base64 {lax other}? )+
Object: mixed {lax}* @Id=id @MimeType=text @Encoding=uri
Manifest: Reference+ @Id=id
SignatureProperties: SignatureProperty+ @Id=id
SignatureProperty: mixed {lax other}+ @Target!=uri @Id=id
DSAKeyValue: ( P=base64 Q=base64 )? G?=base64 Y=base64 J?=base64 ( Seed=base64 PgenCounter=base64 )?
RSAKeyValue: Modulus=base64 Exponent=base64
"""
