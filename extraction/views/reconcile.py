"""Comparing two extractions and settling one answer; or verifying one extraction."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.forms.entries import PlaceForm, RulingForm
from extraction.models import ConsensusRow, Reconciliation, Study
from extraction.permissions import can_read_values
from extraction.selectors.comparison import Comparison, comparison_of
from extraction.selectors.settling import place_of, settling_of
from extraction.services import pairing, reconciling
from extraction.services.proving import prove_cell
from extraction.services.reconciling import SettledAddress
from extraction.views.lookup import is_part, sentence, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404

Action = Callable[[HttpRequest, Membership, Reconciliation], None]


@require_safe
@review_view(Capability.VIEW)
def compare(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Both extractions side by side, or the one to verify; who may settle does it here."""
    study = study_of(membership, study_id)
    comparison = _readable(membership, study)
    if comparison is None:
        messages.info(request, "There are not two extractions to compare yet.")
        return redirect(study)
    context = settling_of(membership, comparison)
    return render(request, "extraction/reconcile.html", context)


@require_safe
@review_view(Capability.VIEW)
def place(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """The page and quote of one side's value, named by its cell and never by its number."""
    study = study_of(membership, study_id)
    comparison = _readable(membership, study)
    found = place_of(comparison, request.GET) if comparison else None
    if found is None:
        return redirect("extraction:reconcile", slug=membership.review.slug, study_id=study_id)
    return render(request, "extraction/side_place.html", {"study": study, **found})


@require_POST
@review_view(Capability.RECONCILE)
def begin(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Begin to reconcile and accept at once all that agrees."""
    return _begin(request, membership, study_of(membership, study_id))


@require_POST
@review_view(Capability.VERIFY)
def begin_verifying(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Begin to verify another's extraction."""
    study = study_of(membership, study_id)
    comparison = comparison_of(study)
    if comparison is None or not comparison.is_verification:
        messages.error(request, "There is no extraction to verify here.")
        return redirect(study)
    return _begin(request, membership, study)


@require_POST
@review_view(Capability.RECONCILE)
def settle(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Settle one cell, or take its settlement back."""
    return _do(request, membership, _begun(membership, study_id), _settle)


@require_POST
@review_view(Capability.RECONCILE)
def settle_row(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Take, leave out, take in, pair or part a whole row."""
    return _do(request, membership, _begun(membership, study_id), _settle_row)


@require_POST
@review_view(Capability.RECONCILE)
def finalise(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Lock the study, or open it again."""
    return _do(request, membership, _begun(membership, study_id), _finalise)


@require_POST
@review_view(Capability.VERIFY)
def verify(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Confirm or correct one value, or take that back."""
    return _do(request, membership, _verifying(membership, study_id), _settle)


@require_POST
@review_view(Capability.VERIFY)
def verify_row(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Confirm what is open in a row, leave the row out or take it in."""
    return _do(request, membership, _verifying(membership, study_id), _settle_row)


@require_POST
@review_view(Capability.VERIFY)
def finalise_verified(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Lock a verified study, or open it again."""
    return _do(request, membership, _verifying(membership, study_id), _finalise)


def _begun(membership: Membership, study_id: int) -> tuple[Study, Reconciliation | None]:
    study = study_of(membership, study_id)
    return study, Reconciliation.objects.filter(study=study).first()


def _verifying(membership: Membership, study_id: int) -> tuple[Study, Reconciliation | None]:
    study, known = _begun(membership, study_id)
    return study, known if known is not None and known.is_verification else None


def _begin(request: HttpRequest, membership: Membership, study: Study) -> HttpResponse:
    try:
        begun = reconciling.start_reconciliation(membership=membership, study=study)
        if not begun.is_verification:
            count = reconciling.accept_agreed(membership=membership, reconciliation=begun)
            messages.success(request, f"{count} cells agree and are accepted.")
    except ValidationError as error:
        messages.error(request, sentence(error))
        return redirect(study)
    return redirect("extraction:reconcile", slug=membership.review.slug, study_id=study.pk)


def _do(
    request: HttpRequest,
    membership: Membership,
    begun: tuple[Study, Reconciliation | None],
    action: Action,
) -> HttpResponse:
    study, reconciliation = begun
    if reconciliation is None:
        messages.error(request, "Begin first.")
        return redirect(study)
    problem = ""
    try:
        action(request, membership, reconciliation)
    except ValidationError as error:
        problem = sentence(error)
    return _answer(request, membership, study, problem)


def _answer(
    request: HttpRequest, membership: Membership, study: Study, problem: str
) -> HttpResponse:
    """The comparison as it is now; what was typed and refused stays in its cell."""
    comparison = comparison_of(study)
    if comparison is None:
        messages.error(request, problem or "There are no two extractions to compare any more.")
        return redirect(study)
    is_kept = bool(problem) and _keep(comparison, request.POST, problem)
    if problem and not is_kept:
        messages.error(request, problem)
    if is_part(request):
        context = settling_of(membership, comparison) | {"is_part": True}
        return render(request, "extraction/_compare.html", context)
    if is_kept:
        context = settling_of(membership, comparison)
        return render(request, "extraction/reconcile.html", context, status=400)
    to = redirect("extraction:reconcile", slug=membership.review.slug, study_id=study.pk)
    return redirect(f"{to.url}#{request.POST.get('at', '')}")


def _keep(comparison: Comparison, sent: QueryDict, problem: str) -> bool:
    """Put what was typed back into its cell; False when no open cell is meant."""
    for cell in comparison.cells:
        row = str(cell.row.pk) if cell.row else ""
        if (cell.field.key, row) == (sent.get("field"), sent.get("row", "")):
            if cell.settled is not None and sent.get("side") != "proof":
                return False
            cell.typed = {key: sent.get(key, "") for key in sent}
            cell.problem = problem
            return True
    return False


def _settle(request: HttpRequest, membership: Membership, known: Reconciliation) -> None:
    form = RulingForm(request.POST)
    cell = PlaceForm(request.POST)
    if not cell.is_valid():
        raise ValidationError("This cell is not known any more. Load the page anew.")
    row_id = cell.cleaned_data["row"]
    row = get_object_or_404(known.rows.standing(), pk=row_id) if row_id else None
    address = SettledAddress(known, cell.cleaned_data["field"], row)
    if request.POST.get("side") == "again":
        reconciling.unsettle_cell(membership=membership, address=address)
        return
    if "page" in form.errors:
        raise ValidationError("The page is a whole number from 1.")
    if request.POST.get("side") == "proof":
        _prove(membership, address, form)
        return
    if not form.is_valid():
        raise ValidationError("Take A, take B, or enter a third value with its reason.")
    chosen = form.cleaned_data["full_text"]
    reconciling.settle_cell(
        membership=membership,
        address=address,
        ruling=form.ruling(full_text_or_404(membership, chosen) if chosen else None),
        expected=cell.cleaned_data["expected"],
    )


def _prove(membership: Membership, address: SettledAddress, form: RulingForm) -> None:
    if set(form.errors) - {"side"}:
        raise ValidationError("This place is not known. Give the page and the words there.")
    known = form.cleaned_data
    chosen = known["full_text"]
    full_text = full_text_or_404(membership, chosen) if chosen else None
    prove_cell(
        membership=membership,
        address=address,
        evidence=form.evidence(full_text),
        expected=known["expected"],
    )


def _settle_row(request: HttpRequest, membership: Membership, known: Reconciliation) -> None:
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


def _row(known: Reconciliation, named: str) -> ConsensusRow:
    row = known.rows.standing().filter(pk=named).first() if named.isdigit() else None
    if row is None:
        raise ValidationError("Choose a row first.")
    return row


def _finalise(request: HttpRequest, membership: Membership, known: Reconciliation) -> None:
    if request.POST.get("action") == "reopen":
        reconciling.reopen_study(
            membership=membership, reconciliation=known, reason=request.POST.get("reason", "")
        )
    elif request.POST.get("action") == "accept":
        reconciling.accept_agreed(membership=membership, reconciliation=known)
    else:
        reconciling.finalise_study(membership=membership, reconciliation=known)
        messages.success(request, "The study is final.")


def _readable(membership: Membership, study: Study) -> Comparison | None:
    comparison = comparison_of(study)
    if comparison is None:
        return None
    for side in filter(None, (comparison.a, comparison.b)):
        if not can_read_values(membership, side) and not membership.can(Capability.RECONCILE):
            raise PermissionDenied("These values are shown when both extractors have submitted.")
    return comparison
