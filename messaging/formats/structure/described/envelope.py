"""The transport envelope: SOAP 1.1 with an ebMS 2.0 header. Read for support; the national REST service hides it from us."""

_HEADER = "@eb:id=id @eb:version!=nonempty @soap:mustUnderstand!=bit @{lax other}"
_BODY = "@eb:id=id @eb:version!=nonempty @{lax other}"

TEXT = f"""
namespace xlink http://www.w3.org/1999/xlink
list Simple: simple

namespace xml http://www.w3.org/XML/1998/namespace

namespace soap http://schemas.xmlsoap.org/soap/envelope/
Envelope: Header? Body {{lax other}}* @{{lax other}}
Header: {{lax other}}* @{{lax other}}
Body: {{lax}}* @{{lax}}
Fault: {{lax}}*

namespace eb http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd
list Severity: Warning Error
list MessageStatus: UnAuthorized NotRecognized Received Processed Forwarded
list SequenceStatus: Reset Continue
MessageHeader: From To CPAId ConversationId Service Action MessageData DuplicateElimination? Description* {{lax other}}* {_HEADER}
From: PartyId+ Role?=nonempty
To: PartyId+ Role?=nonempty
PartyId: =nonempty @eb:type=nonempty
CPAId: =nonempty
ConversationId: =nonempty
Service: =nonempty @eb:type=nonempty
Action: =nonempty
MessageData: MessageId Timestamp RefToMessageId? TimeToLive?
MessageId: =nonempty
Timestamp: =datetime
RefToMessageId: =nonempty
TimeToLive: =datetime
DuplicateElimination: =rich
Description: =nonempty @xml:lang!=language
SyncReply: {{lax other}}* @soap:actor!=uri {_HEADER}
MessageOrder: SequenceNumber {{lax other}}* {_HEADER}
SequenceNumber: =count @eb:status=SequenceStatus
AckRequested: {{lax other}}* @soap:actor=uri @eb:signed!=boolean {_HEADER}
Acknowledgment: Timestamp RefToMessageId From? ds:Reference* @soap:actor=uri {_HEADER}
ErrorList: Error+ {{lax other}}* @eb:highestSeverity!=Severity {_HEADER}
Error: Description? {{lax other}}* @eb:id=id @eb:codeContext=uri @eb:errorCode!=nonempty @eb:severity!=Severity @eb:location=nonempty
    @{{lax other}}
Manifest: Reference+ {{lax other}}* {_BODY}
Reference: Schema* Description* {{lax other}}* @eb:id=id @xlink:type=xlink:Simple @xlink:href!=uri @xlink:role=uri @{{lax other}}
Schema: @eb:location!=uri @eb:version=nonempty
StatusResponse: RefToMessageId Timestamp? {{lax other}}* @eb:messageStatus!=MessageStatus {_BODY}
StatusRequest: RefToMessageId {{lax other}}* {_BODY}
"""
