"""The pages where messages are written, refused and asked for."""

import re
from typing import Any

import pytest
from django.urls import reverse

from messaging.models import ExchangeRefusal, InformationGap, Message
from messaging.selectors.lists import of_patient
from tests.cast import marker_of
from tests.messaging.engine.letters import about, letter

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME, BYSTANDER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "frogn.hjemmesykepleier"
TEXTS = {"problem": "Dehydrering", "course": "Bedre på væske", "function": "", "follow_up": "Drikkeliste", "informed": ""}


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    """`page("message_kinds")` as a nurse of the ward, about Anna; with values it is posted."""

    def asked(route: str, *more: Any, user: str = NURSE, values: dict[str, Any] | None = None, query: str = "") -> Any:
        client = client_for(user)
        path = reverse(route, args=[cast.anna.id, *more]) + query
        if values is None:
            return client.get(path)
        return client.post(path, {"patient": str(cast.anna.id), "actor": str(cast[user].id), **values})

    return asked


def compose(page: Any, enebakk: Any, **values: Any) -> Any:
    return page("message_compose", "utskrivningsrapport", values={"receiver": str(enebakk.id), **TEXTS, **values})


def seen(response: Any) -> str:
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


def pieces(response: Any) -> list[str]:
    return re.findall(r'name="piece" value="([\w-]+)"', response.content.decode())


def test_one_is_offered_what_one_may_send_and_what_answers(page, enebakk, cast, post):
    for user, offered, missing in ((NURSE, "Utskrivningsrapport", "Epikrise"), (DOCTOR, "Epikrise", "Orientering om tjenestetilbud")):
        text = page("message_kinds", user=user).content.decode()
        assert f"<span>{offered}</span>" in text
        assert f"<span>{missing}</span>" not in text
        assert "<span>Feil i mottatt melding</span>" not in text
    incoming = post.receive(letter(about(cast.anna)))
    text = page("message_kinds", query=f"?svar={incoming.id}").content.decode()
    assert "<span>Feil i mottatt melding</span>" in text
    assert "<span>Utskrivningsrapport</span>" not in text


def test_it_is_looked_over_before_it_is_sent_and_sent_as_it_was_looked_over(page, enebakk, cast):
    form = page("message_compose", "utskrivningsrapport")
    kept = pieces(form)
    assert str(cast.anna.rows["medication"]) in kept
    look = compose(page, enebakk, look="1", piece=kept, shown=kept)
    assert look.status_code == 200
    assert f"{marker_of('anna')} medication" in look.content.decode()
    assert not Message.objects.filter(direction="out").exists()
    sent = compose(page, enebakk, send="1", piece=kept, shown=kept, seen=seen(look))
    message = Message.objects.get(direction="out")
    assert sent.url == reverse("patient_message", args=[cast.anna.id, message.id]) + "?gjort=lagt-i-ko"
    assert "lagt i kø" in page("patient_message", message.id, query="?gjort=lagt-i-ko").content.decode()


def test_what_has_changed_since_it_was_looked_over_is_not_sent(page, enebakk):
    look = compose(page, enebakk, look="1")
    again = compose(page, enebakk, send="1", seen=seen(look), follow_up="Noe annet")
    assert "Se over på nytt før du sender" in again.content.decode()
    assert not Message.objects.filter(direction="out").exists()


def test_what_is_unticked_does_not_go(page, enebakk, cast):
    kept = pieces(page("message_compose", "utskrivningsrapport"))
    left = [one for one in kept if one != str(cast.anna.rows["diagnosis"])]
    look = compose(page, enebakk, look="1", piece=left, shown=kept)
    assert f"{marker_of('anna')} diagnosis" not in re.sub(r"<fieldset.*?</fieldset>", "", look.content.decode(), flags=re.DOTALL)


def test_what_is_missing_is_said_at_its_field(page, enebakk):
    for values, said in (({"course": " "}, "Skriv sykepleiesammenfatning"), ({"receiver": ""}, "Velg hvem meldingen skal til")):
        refused = compose(page, enebakk, look="1", **values)
        assert refused.status_code == 422
        assert said in refused.content.decode()


def test_others_pages_are_not_there(page, enebakk):
    assert page("message_compose", "epikrise").status_code == 404
    assert page("message_compose", "svar").status_code == 404, "an answer to nothing"
    assert page("message_compose", "nothing").status_code == 404
    assert page("message_kinds", user=BYSTANDER).status_code == 404
    assert page("message_kinds", query="?svar=x").status_code == 404


def test_a_wrong_message_is_told_its_sender(page, enebakk, cast, post):
    incoming = post.receive(letter(about(cast.anna)))
    form = page("message_compose", "avvik", query=f"?svar={incoming.id}")
    receiver = re.search(r'<option value="([\w-]+)"', form.content.decode())[1]
    values = {"receiver": receiver, "choice": "1", "text": "Pasienten er ikke hos oss"}
    look = page("message_compose", "avvik", query=f"?svar={incoming.id}", values=values | {"look": "1"})
    page("message_compose", "avvik", query=f"?svar={incoming.id}", values=values | {"send": "1", "seen": seen(look)})
    told = Message.objects.get(direction="out", type="DIALOG_AVVIK")
    assert (told.parent_msg_id, told.receiver_her) == (incoming.msg_id, incoming.sender_her)


def test_a_refusal_is_registered_shown_and_withdrawn(page, enebakk, cast):
    assert page("exchange_refusal", values={"reason": "Vil ikke"}).status_code == 302
    assert "har motsatt seg meldingsutveksling" in page("patient_messages").content.decode()
    stopped = compose(page, enebakk, look="1")
    assert "har motsatt seg" in stopped.content.decode()
    assert page("exchange_refusal", values={}).status_code == 302
    assert ExchangeRefusal.objects.get(patient=cast.anna.id).ended_by_id == cast[NURSE].id
    assert "har motsatt seg" not in page("patient_messages").content.decode()


def test_the_line_about_enebakk_stands_on_every_page_until_it_is_answered(page, enebakk, cast, post):
    for route in ("patient", "stay", "medications"):
        assert "Opplysninger fra Enebakk er ikke mottatt" in page(route).content.decode()
    assert page("gap_ask", values={}).status_code == 302
    assert InformationGap.objects.get(stay=cast.anna.rows["stay"]).asked_at
    text = page("patient").content.decode()
    assert "Etterspurt" in text
    assert "Be om opplysninger" not in text
    assert page("gap_ask", values={}).status_code == 422
    post.receive(letter(about(cast.anna)))
    assert "ikke mottatt" not in page("patient").content.decode()


def test_a_question_is_asked_by_pressing_never_by_following_a_link(page, enebakk):
    assert page("gap_ask").status_code == 405
    assert not Message.objects.filter(direction="out").exists()


def test_the_stay_and_the_note_show_where_their_messages_stand(page, enebakk, cast):
    look = compose(page, enebakk, look="1")
    compose(page, enebakk, send="1", seen=seen(look))
    text = page("stay").content.decode()
    assert "Sendte meldinger" in text
    assert "Skal sendes" in text
    assert "Sendte meldinger" not in page("note", cast.anna.rows["note"]).content.decode()
    assert Message.objects.filter(direction="out").update(origin_id=cast.anna.rows["note"]) == 1
    assert "Sendte meldinger" in page("note", cast.anna.rows["note"]).content.decode()


def test_the_figures_are_the_wards(client_for, enebakk):
    assert "Felles journal" in client_for(NURSE).get(reverse("gap_report")).content.decode()
    assert client_for(HOME).get(reverse("gap_report")).status_code in (403, 404)


def test_pressed_twice_it_is_sent_once(page, enebakk):
    look = compose(page, enebakk, look="1")
    key = re.search(r'name="key" value="([\w-]+)"', look.content.decode())[1]
    first, second = (compose(page, enebakk, send="1", seen=seen(look), key=key) for _ in range(2))
    assert first.url == second.url
    assert Message.objects.filter(direction="out").count() == 1
    elsewhere = "data-posted" in look.content.decode(), "data-posted" in page("message_compose", "utskrivningsrapport").content.decode()
    assert elsewhere == (True, False), "the form says whether it is shown again, or begun"


def test_a_long_list_has_pages(page, enebakk, monkeypatch):
    for text in "abc":
        look = compose(page, enebakk, look="1", follow_up=text)
        compose(page, enebakk, send="1", seen=seen(look), follow_up=text)
    monkeypatch.setattr(of_patient, "__kwdefaults__", {"size": 2})
    newest = page("patient_messages").content.decode()
    older = page("patient_messages", query=re.search(r'href="[^"]*(\?for=[^"]+)"', newest)[1]).content.decode()
    links = [set(re.findall(r'/meldinger/([\w-]{36})/"', text)) for text in (newest, older)]
    assert [len(one) for one in links] == [2, 1]
    assert not links[0] & links[1]
    assert "Vis eldre" not in older
