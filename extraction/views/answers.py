"""What a study answers, to read: every answer with its sentence, and the place of one of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from extraction.selectors.answer_places import marks_of
from extraction.selectors.told_answers import told_study
from extraction.views.lookup import study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def answers(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Settled answers, else imported ones, with quote, place and who settled them."""
    study = study_of(membership, study_id)
    return render(request, "extraction/answers.html", {"study": study, "told": told_study(study)})


@require_safe
@review_view(Capability.VIEW)
def answer_place(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """The page and quote of one answer, named by the key of its row and its field."""
    study = study_of(membership, study_id)
    asked = (request.GET.get("row", ""), request.GET.get("field", ""))
    found = told_study(study).find(*asked)
    if found is None:
        return redirect("extraction:answers", slug=membership.review.slug, study_id=study_id)
    context = {"study": study, "answer": found, "boxes": marks_of(membership, found)}
    return render(request, "extraction/answer_place.html", context)
