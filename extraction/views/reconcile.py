"""Comparing two extractions and settling one answer."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.forms.entries import PlaceForm, RulingForm
from extraction.models import ConsensusRow, Reconciliation, Study
from extraction.models.values import Location
from extraction.permissions import can_read_values
from extraction.selectors.comparison import Comparison, comparison_of
from extraction.selectors.desk import readable_texts
from extraction.selectors.own import is_own_and_blinded
from extraction.selectors.settings import settings_of
from extraction.services import pairing, reconciling
from extraction.services.reconciling import SettledAddress
from extraction.views.lookup import is_part, sentence, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

Action = Callable[[HttpRequest, Membership, Reconciliation], str]


@require_safe
@review_view(Capability.VIEW)
def compare(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Both extractions side by side; who may reconcile settles them here."""
    study = study_of(membership, study_id)
    comparison = _readable(membership, study)
    if comparison is None:
        messages.info(request, "There are not two extractions to compare yet.")
        return redirect(study)
    return render(request, "extraction/reconcile.html", _context(membership, study, comparison))


@require_POST
@review_view(Capability.RECONCILE)
def begin(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Begin to reconcile and accept at once all that agrees."""
    study = study_of(membership, study_id)
    try:
        begun = reconciling.start_reconciliation(membership=membership, study=study)
        count = reconciling.accept_agreed(membership=membership, reconciliation=begun)
        messages.success(request, f"{count} cells agree and are accepted.")
    except ValidationError as error:
        messages.error(request, sentence(error))
        return redirect(study)
    return redirect("extraction:reconcile", slug=membership.review.slug, study_id=study_id)


@require_POST
@review_view(Capability.RECONCILE)
def settle(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Settle one cell, or take its settlement back."""
    return _do(request, membership, study_id, _settle)


@require_POST
@review_view(Capability.RECONCILE)
def settle_row(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Take, leave out, take in or pair a whole row."""
    return _do(request, membership, study_id, _settle_row)


@require_POST
@review_view(Capability.RECONCILE)
def finalise(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Lock the study, or open it again."""
    return _do(request, membership, study_id, _finalise)


def _do(
    request: HttpRequest, membership: Membership, study_id: int, action: Action
) -> HttpResponse:
    study = study_of(membership, study_id)
    reconciliation = Reconciliation.objects.filter(study=study).first()
    if reconciliation is None:
        messages.error(request, "Begin to reconcile first.")
        return redirect(study)
    try:
        action(request, membership, reconciliation)
    except ValidationError as error:
        messages.error(request, sentence(error))
    if not is_part(request):
        url = redirect("extraction:reconcile", slug=membership.review.slug, study_id=study_id).url
        return redirect(f"{url}#{request.POST.get('at', '')}")
    comparison = comparison_of(study)
    if comparison is None:
        raise Http404
    return render(request, "extraction/_compare.html", _context(membership, study, comparison))


def _settle(request: HttpRequest, membership: Membership, known: Reconciliation) -> str:
    form = RulingForm(request.POST)
    place = PlaceForm(request.POST)
    if not place.is_valid():
        raise ValidationError("This cell is not known any more. Load the page anew.")
    row_id = place.cleaned_data["row"]
    row = get_object_or_404(known.rows.standing(), pk=row_id) if row_id else None
    address = SettledAddress(known, place.cleaned_data["field"], row)
    if request.POST.get("side") == "again":
        reconciling.unsettle_cell(membership=membership, address=address)
        return ""
    if not form.is_valid():
        raise ValidationError("Take A, take B, or enter a third value with its reason.")
    reconciling.settle_cell(
        membership=membership,
        address=address,
        ruling=form.ruling(),
        expected=place.cleaned_data["expected"],
    )
    return ""


def _settle_row(request: HttpRequest, membership: Membership, known: Reconciliation) -> str:
    row = _row(known, request.POST.get("row", ""))
    action = request.POST.get("action", "")
    if action in {"a", "b"}:
        reconciling.take_row(membership=membership, row=row, side=action)
    elif action in {"leave_out", "take_in"}:
        is_left_out = action == "leave_out"
        reconciling.leave_row_out(membership=membership, row=row, is_left_out=is_left_out)
    elif action == "split":
        pairing.split_row(membership=membership, row=row)
    else:
        other = _row(known, request.POST.get("other", ""))
        pairing.pair_rows(membership=membership, row=row, other=other)
    return ""


def _row(known: Reconciliation, named: str) -> ConsensusRow:
    row = known.rows.standing().filter(pk=named).first() if named.isdigit() else None
    if row is None:
        raise ValidationError("Choose a row first.")
    return row


def _finalise(request: HttpRequest, membership: Membership, known: Reconciliation) -> str:
    if request.POST.get("action") == "reopen":
        reconciling.reopen_study(
            membership=membership, reconciliation=known, reason=request.POST.get("reason", "")
        )
    elif request.POST.get("action") == "accept":
        reconciling.accept_agreed(membership=membership, reconciliation=known)
    else:
        reconciling.finalise_study(membership=membership, reconciliation=known)
        messages.success(request, "The study is final.")
    return ""


def _readable(membership: Membership, study: Study) -> Comparison | None:
    comparison = comparison_of(study)
    if comparison is None:
        return None
    for side in (comparison.a, comparison.b):
        if not can_read_values(membership, side) and not membership.can(Capability.RECONCILE):
            raise PermissionDenied("These values are shown when both extractors have submitted.")
    return comparison


def _context(membership: Membership, study: Study, comparison: Comparison) -> dict[str, object]:
    begun = comparison.reconciliation
    is_barred = is_own_and_blinded(membership, study)
    can_reconcile = membership.can(Capability.RECONCILE) and not is_barred
    is_blinded = settings_of(membership.review).is_reconciliation_blinded
    return {
        "study": study,
        "comparison": comparison,
        "is_barred": is_barred and membership.can(Capability.RECONCILE),
        "shows_names": comparison.is_final or not is_blinded,
        "can_reconcile": can_reconcile,
        "can_settle": can_reconcile and not comparison.is_final and begun is not None,
        "texts": list(readable_texts(study)) if can_reconcile else [],
        "locations": Location.choices,
    }
