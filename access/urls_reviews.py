"""Routes of the control after the event: the custodian's, the log reviewer's, and the employee's who is asked."""

from access.routes import guarded_path
from access.rules import own, role
from access.views import case_figures, case_page, case_queue, finding, log_rules, questions, work_list

CUSTODIAN = role("is_custodian", "case_review")
REVIEWER = role("reviews_log", "log_review")

urlpatterns = [
    guarded_path("kontroll/", case_queue.queue, CUSTODIAN, "case_queue"),
    guarded_path("kontroll/tall/", case_figures.figures, CUSTODIAN, "case_figures"),
    guarded_path("kontroll/<uuid:case>/", case_page.page, CUSTODIAN, "case_page"),
    guarded_path("logg/saker/", case_queue.queue, REVIEWER, "log_cases"),
    guarded_path("logg/saker/tall/", case_figures.figures, REVIEWER, "log_case_figures"),
    guarded_path("logg/saker/<uuid:case>/", case_page.page, REVIEWER, "log_case"),
    guarded_path("logg/arbeidsliste/", work_list.work_list, REVIEWER, "work_list"),
    guarded_path("logg/arbeidsliste/<uuid:finding>/", finding.page, REVIEWER, "finding"),
    guarded_path("logg/regler/", log_rules.page, REVIEWER, "log_rules"),
    guarded_path("sporsmal/", questions.questions, own(), "questions"),
    guarded_path("sporsmal/<uuid:case>/", questions.answer, own(), "question"),
]
