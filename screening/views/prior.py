"""The step between preview and import of a file that brings decisions: whose are they?"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from screening.forms.prior import PeopleForm
from screening.models import ImportBatch, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.import_files import reading_of
from screening.selectors.imports import job_of
from screening.selectors.prior import brought_by
from screening.services.imports import start_import
from screening.services.prior import map_people


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def import_people(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """Ask who the people in the file are and what its reasons mean; then import it."""
    batches = ImportBatch.objects.select_related("source")
    batch = get_object_or_404(batches, pk=batch_id, review=membership.review)
    slug = membership.review.slug
    if batch.finished_at or job_of(batch):
        return redirect("screening:import-report", slug=slug, batch_id=batch.pk)
    sent = request.POST if request.method == "POST" else None
    form = PeopleForm(sent, batch=batch, brought=brought_by(batch))
    if sent is not None and form.is_valid():
        try:
            map_people(membership=membership, batch=batch, people=form.mapped())
            start_import(membership=membership, batch=batch, reading=reading_of(batch))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("screening:import-report", slug=slug, batch_id=batch.pk)
    context = {"batch": batch, "form": form, "brought": form.brought}
    status = 400 if form.errors else 200
    return render(request, "screening/import_people.html", context, status=status)
