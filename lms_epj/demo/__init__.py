"""Synthetic, believable demo data: pure, seeded, without Django. A loader maps it to tables.

Two sizes::

    from lms_epj.demo.ward import generate_ward
    data = generate_ward(now)                 # Dataset: about 600 courses, 7 000 notes, the named cast
    from lms_epj.demo.bulk import Bulk
    for chunk in Bulk(now).persons(): ...     # tuples for COPY: 100 000 persons, 2.5 million clinical rows

``Dataset`` (:mod:`.shapes`): ``register`` – every :class:`~.shapes.Person` of the population register, those
with a record among them (the first ``len(courses)``, in the same order; then Per, who has no record yet);
``staff`` – authors, a few with ``username``; ``courses`` – one :class:`~.shapes.Course` per patient holding
lists of ``NextOfKin, Diagnosis, CriticalInfo, Medication, Service, Stay, VitalSet, OxygenScale, Note, Task,
Visit``. Field names follow the models. References are texts: ``person-000001``, ``staff-001``,
``stay-00017``, ``note-000042``, units by :data:`.places.UNITS` (``lms``, ``as.home``, ``frogn.therapy``).

* A municipality that is ``message_only`` (Enebakk) charts nothing here: its patients have LMS entries only.
* ``Note.content`` is ``{section key: text}`` by :data:`.documents.DOCUMENTS`; sections marked required are filled.
* No two notes share a sentence; frames stand in ``frames/*.txt``, the grammar is told in :mod:`.grammar`.
* ``VitalSet`` carries no score; ``Stay.status`` is expected, admitted or discharged; an expected one has its bed.
* Scheduled by ``now``: nothing has ``event_at`` or ``recorded_at`` after it. Texts name future times as plans.
* Identity numbers are Test-Norge numbers (month + 80); about one patient in 200 has none, one in 100 a D-number.
* Former municipalities (Ski, Oppegård until 1.1.2020) are in :data:`.places.FORMER`.
"""
