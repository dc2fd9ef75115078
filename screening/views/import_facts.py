"""Changing afterwards what is known of an import: the search behind it, and its source."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from screening.forms.imports import SearchForm, SourceForm
from screening.models import ImportBatch, Membership, Source
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services import import_facts


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def edit_import(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """The search behind a file."""
    batches = ImportBatch.objects.select_related("source", "search")
    batch = get_object_or_404(batches, pk=batch_id, review=membership.review)
    initial = asdict(import_facts.facts_of(batch.search))
    form = SearchForm(request.POST or None, initial=initial)
    if form.is_valid():
        facts = form.search_facts()
        import_facts.change_search(membership=membership, batch=batch, facts=facts)
        messages.success(request, f"The search behind {batch.original_name} was changed.")
        return redirect("screening:import-report", membership.review.slug, batch.pk)
    context = {"form": form, "batch": batch}
    status = 400 if form.errors else 200
    return render(request, "screening/import_facts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def edit_source(request: HttpRequest, membership: Membership, source_id: int) -> HttpResponse:
    """Name, kind and note of a source."""
    source = get_object_or_404(Source, pk=source_id, review=membership.review)
    initial = {"name": source.name, "kind": source.kind, "note": source.note}
    form = SourceForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            import_facts.change_source(membership=membership, source=source, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, f"{form.cleaned_data['name']} was changed.")
            return redirect("screening:sources", membership.review.slug)
    context = {"form": form, "source": source}
    status = 400 if form.errors else 200
    return render(request, "screening/source.html", context, status=status)
