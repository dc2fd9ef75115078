"""The page of the form builder that says what the form compares."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from extraction.forms.comparison import ERROR_WORDS, REARRANGING, ComparisonForm
from extraction.models import FormDraft
from extraction.schema.definition import FormSketch, problems_of
from extraction.schema.editing import fingerprint
from extraction.schema.fields import Group
from extraction.schema.metrics import METRICS, Direction, Metric
from extraction.selectors.forms import form_draft, sketch_of
from extraction.services.drafts import save_comparison
from extraction.views.drafts import to_form
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@dataclass(frozen=True, slots=True)
class ReadMetric:
    """A word of the metric field, and how a gain of it is read."""

    word: str
    metric: Metric | None

    @property
    def is_lower_better(self) -> bool:
        """Whether the sign of its gains is turned."""
        return self.metric is not None and self.metric.direction is Direction.LOWER


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def comparison(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Both sides, what tells results apart, directions of metrics; checked before it is saved."""
    found = form_draft(membership.review)
    if found is None:
        return to_form(request, membership)
    sketch = sketch_of(found)
    group = _group(request, sketch)
    if group is None:
        return render(request, "extraction/draft_comparison.html", {"draft": found})
    form = ComparisonForm(request.POST or None, sketch, group)
    if any(name in request.POST for name in REARRANGING):
        form.rearrange(request.POST)
        return _page(request, found, form, is_checked=False)
    if form.is_valid():
        try:
            save_comparison(
                membership=membership, comparison=form.spec(), seen=request.POST.get("seen", "")
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "What is compared is saved in the draft.")
            return redirect("extraction:form-comparison", slug=membership.review.slug)
    return _page(request, found, form, is_checked=True)


def _group(request: HttpRequest, sketch: FormSketch) -> Group | None:
    """The part whose rows are compared: the one asked for, the stored one, the first."""
    stored = sketch.comparison.group if sketch.comparison else ""
    parts = {one.key: one for one in sketch.repeating_groups}
    for key in (request.POST.get("group"), request.GET.get("part"), stored):
        if key in parts:
            return parts[key]
    return next(iter(parts.values()), None)


def _page(
    request: HttpRequest, found: FormDraft, form: ComparisonForm, *, is_checked: bool
) -> HttpResponse:
    sketch = form.sketch
    spec = sketch.comparison
    has_faults = is_checked and form.is_bound
    context = {
        "draft": found,
        "sketch": sketch,
        "group": form.group,
        "form": form,
        "seen": fingerprint(spec) if spec else "",
        "is_checked": is_checked,
        "problems": [one for one in problems_of(sketch) if one.path.startswith("comparison")],
        "read": _read(sketch),
        "error_words": ERROR_WORDS,
        "catalogue": METRICS,
    }
    status = 400 if has_faults else 200
    return render(request, "extraction/draft_comparison.html", context, status=status)


def _read(sketch: FormSketch) -> list[ReadMetric]:
    """How each word of the metric field is read; none where it takes any text."""
    spec = sketch.comparison
    field = sketch.find(spec.metric_field, spec.group) if spec else None
    terms = field.terms if field else ()
    return [ReadMetric(one.shown, sketch.metric(one.key)) for one in terms]
