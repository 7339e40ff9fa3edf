"""JSON shapes of the API. Field names are the models'; times are ISO 8601 with offset."""

from rest_framework import serializers

from access.models import DocumentType, Patient
from journal.models import Note, Stay, Task, VitalSet


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
    born = serializers.DateField(required=False, allow_null=True, default=None)


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
    expected_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    referrer = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class StayAdmitShape(serializers.Serializer):
    bed_id = serializers.UUIDField()
    admitted_at = serializers.DateTimeField()


class NoteShape(serializers.ModelSerializer):
    document_type = serializers.CharField(source="document_type_id")
    category = serializers.IntegerField(source="category_id")

    class Meta:
        model = Note
        fields = [
            *ENTRY, "document_type", "category", "title", "content", "state", "mark", "version", "signed_by_id", "signed_at", "corrected_at",
            "needs_cosign", "cosigned_by_id", "cosigned_at", "lock_version",
        ]  # fmt: skip


class NoteDraftShape(serializers.Serializer):
    """A new draft: text by section key of the document type."""

    document_type = serializers.SlugRelatedField(slug_field="code", queryset=DocumentType.objects.all())
    content = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=50_000))
    event_at = serializers.DateTimeField()


class NoteContentShape(serializers.Serializer):
    content = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=50_000))
    event_at = serializers.DateTimeField()


class ObservationShape(serializers.ModelSerializer):
    class Meta:
        model = VitalSet
        fields = [
            *ENTRY, "respiration", "spo2", "spo2_scale", "on_oxygen", "oxygen_flow", "systolic", "diastolic", "pulse", "consciousness",
            "temperature", "comment", "news2_total", "news2_points", "news2_level", "rule_version", "next_due_at", "struck_at", "struck_reason",
        ]  # fmt: skip


class ObservationEntryShape(serializers.Serializer):
    """One set: /min, %, L/min, mmHg, °C. ``confirmed`` says yes to «Uvanlig verdi. Stemmer det?»."""

    taken_at = serializers.DateTimeField()
    respiration = serializers.IntegerField(required=False, allow_null=True, default=None)
    spo2 = serializers.IntegerField(required=False, allow_null=True, default=None)
    on_oxygen = serializers.BooleanField(required=False, allow_null=True, default=None)
    oxygen_flow = serializers.DecimalField(max_digits=4, decimal_places=1, required=False, allow_null=True, default=None)
    systolic = serializers.IntegerField(required=False, allow_null=True, default=None)
    diastolic = serializers.IntegerField(required=False, allow_null=True, default=None)
    pulse = serializers.IntegerField(required=False, allow_null=True, default=None)
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
    due_at = serializers.DateTimeField()
    for_unit_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    for_user_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class TaskDoneShape(serializers.Serializer):
    outcome = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class ActShape(serializers.Serializer):
    """An act that needs no more than its address and If-Match."""
