"""JSON shapes of the API. Field names are the models'; times are ISO 8601 with offset."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from access.models import DocumentType, Patient
from journal.models import Note, Stay, Task, VitalSet
from lms_epj.core.clock import plausible

NO_SUCH_YEAR = {"year": _("Sjekk årstallet.")}


class Moment(serializers.DateTimeField):
    """A time that can belong to a record."""

    default_error_messages = NO_SUCH_YEAR

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        try:
            plausible(moment.date())
        except ValueError:
            self.fail("year")
        return moment


class Day(serializers.DateField):
    default_error_messages = NO_SUCH_YEAR

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        try:
            plausible(day)
        except ValueError:
            self.fail("year")
        return day


class PatientShape(serializers.ModelSerializer):
    numbers = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields = ["id", "family_name", "given_name", "birth_date", "sex", "municipality_number", "deceased_at", "protected_address", "numbers"]

    def get_numbers(self, patient: Patient) -> list[str]:
        return [identity.value for identity in patient.identities.all()]


class SearchShape(serializers.Serializer):
    """Part of a name (from three characters), and/or the date of birth. Numbers are looked up on the pages only."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    born = Day(required=False, allow_null=True, default=None)


ENTRY = ["id", "event_at", "recorded_at", "author_id", "unit_id", "legal_entity_id", "stay_id"]


class StayShape(serializers.ModelSerializer):
    class Meta:
        model = Stay
        fields = [
            "id", "event_at", "recorded_at", "author_id", "unit_id", "legal_entity_id", "ward_id", "bed_id", "status", "cause", "referrer",
            "expected_at", "admitted_at", "discharge_ready_at", "planned_discharge_at", "discharged_at", "destination", "lock_version",
        ]  # fmt: skip


class StayExpectShape(serializers.Serializer):
    cause = serializers.CharField(max_length=500)
    expected_at = Moment(required=False, allow_null=True, default=None)
    referrer = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class StayAdmitShape(serializers.Serializer):
    bed_id = serializers.UUIDField()
    admitted_at = Moment()


class NoteShape(serializers.ModelSerializer):
    document_type = serializers.CharField(source="document_type_id")
    category = serializers.IntegerField(source="category_id")

    class Meta:
        model = Note
        fields = [
            *ENTRY, "document_type", "category", "title", "content", "state", "mark", "version", "signed_by_id", "signed_at", "corrected_at",
            "needs_cosign", "cosigned_by_id", "cosigned_at", "withheld_at", "template_version", "lock_version",
        ]  # fmt: skip


class NoteDraftShape(serializers.Serializer):
    """A new draft: text by section key of the document type."""

    document_type = serializers.CharField(max_length=64)
    content = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=50_000))
    event_at = Moment()

    def validate_document_type(self, code: str) -> DocumentType:
        found = DocumentType.objects.filter(code=code).first()
        if found is None:
            raise serializers.ValidationError(_("Denne dokumenttypen finnes ikke."))
        return found


class NoteContentShape(serializers.Serializer):
    content = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=50_000))
    event_at = Moment()


class ObservationShape(serializers.ModelSerializer):
    class Meta:
        model = VitalSet
        fields = [
            *ENTRY, "respiration", "spo2", "spo2_scale", "on_oxygen", "oxygen_flow", "systolic", "diastolic", "pulse", "consciousness",
            "temperature", "comment", "news2_total", "news2_points", "news2_level", "rule_version", "next_due_at", "struck_at", "struck_reason",
        ]  # fmt: skip


class ObservationEntryShape(serializers.Serializer):
    """One set: /min, %, L/min, mmHg, °C. ``confirmed`` says yes to «Uvanlig verdi. Stemmer det?»."""

    taken_at = Moment()
    respiration = serializers.IntegerField(min_value=0, max_value=999, required=False, allow_null=True, default=None)
    spo2 = serializers.IntegerField(min_value=0, max_value=999, required=False, allow_null=True, default=None)
    on_oxygen = serializers.BooleanField(required=False, allow_null=True, default=None)
    oxygen_flow = serializers.DecimalField(max_digits=4, decimal_places=1, required=False, allow_null=True, default=None)
    systolic = serializers.IntegerField(min_value=0, max_value=999, required=False, allow_null=True, default=None)
    diastolic = serializers.IntegerField(min_value=0, max_value=999, required=False, allow_null=True, default=None)
    pulse = serializers.IntegerField(min_value=0, max_value=999, required=False, allow_null=True, default=None)
    consciousness = serializers.ChoiceField(choices=VitalSet.Consciousness.choices, required=False, allow_blank=True, default="")
    temperature = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True, default=None)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    confirmed = serializers.BooleanField(required=False, default=False)


class TaskShape(serializers.ModelSerializer):
    class Meta:
        model = Task
        fields = [
            *ENTRY, "title", "kind", "due_at", "for_unit_id", "for_user_id", "done_at", "done_by_id", "outcome", "cancelled_at", "lock_version",
        ]  # fmt: skip


class TaskCreateShape(serializers.Serializer):
    title = serializers.CharField(max_length=500)
    due_at = Moment()
    for_unit_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    for_user_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class TaskDoneShape(serializers.Serializer):
    outcome = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
