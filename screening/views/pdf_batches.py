"""PDFs uploaded many at once: the upload, what became of each file, and putting it right."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.forms.reports import AssignForm, PdfBatchForm
from screening.models import Job, Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors import pdf_batches as reads
from screening.selectors.jobs import may_steer, title_of
from screening.selectors.reports import ReportFilters, report_or_404, sought
from screening.services import pdf_batches as services
from screening.views.stages import in_words, said, stage_context

PER_PAGE = 20
# Where a file stands, the heading of that part of the page, and what it asks of the reader.
PARTS = (
    ("unmatched", "No report found", "Say which report each of these is."),
    ("has_pdf", "Their report has a PDF already", "Replace it only on purpose; the old one stays."),
    ("stored", "Stored", "A wrong match can be undone."),
    ("present", "Were there already", "The very same file is the report's PDF."),
    ("refused", "Not readable", "Nothing was stored of these."),
    ("set_aside", "Set aside", "None of the reports; they can still be given to one."),
    ("waiting", "Waiting to be read", "A worker reads them one by one."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.MANAGE_REPORTS)
def pdf_batches(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Upload PDFs, and the uploads before."""
    sent = request.method == "POST"
    form = PdfBatchForm(request.POST, request.FILES) if sent else PdfBatchForm()
    if sent and form.is_valid():
        try:
            batch = services.take_in_pdfs(membership=membership, uploads=form.uploads())
        except ValidationError as error:
            form.add_error("pdfs", said(error))
        else:
            return redirect(batch)
    found = Paginator(reads.pdf_batches(membership), PER_PAGE).get_page(request.GET.get("page"))
    context = stage_context(membership, Stage.FULL_TEXT, "reports") | {"form": form, "page": found}
    return render(request, "screening/pdf_batches.html", context, status=400 if sent else 200)


@require_safe
@never_cache
@review_view(Capability.MANAGE_REPORTS)
def pdf_batch(request: HttpRequest, membership: Membership, pdf_batch_id: int) -> HttpResponse:
    """What became of each file."""
    batch = reads.pdf_batch_or_404(membership, pdf_batch_id)
    lines = reads.lines_of(batch)
    job = reads.match_job(batch)
    context = stage_context(membership, Stage.FULL_TEXT, "reports") | {
        "batch": batch,
        "parts": [
            (title, hint, [line for line in lines if line.pdf.state == state])
            for state, title, hint in PARTS
        ],
        "files": len(lines),
        "job": job,
        "title": title_of(job) if job else "",
        "is_open": job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING},
        "is_retryable": job is not None and job.state in {Job.State.FAILED, Job.State.CANCELLED},
        "may_steer": job is not None and may_steer(job=job, user=membership.user),
    }
    return render(request, "screening/pdf_batch.html", context)


@require_safe
@review_view(Capability.MANAGE_REPORTS)
def batch_pdf(request: HttpRequest, membership: Membership, batch_pdf_id: int) -> HttpResponse:
    """Look for the report that a file is."""
    pdf = reads.batch_pdf_or_404(membership, batch_pdf_id)
    words = request.GET.get("words", "")[:200]
    keys = list(pdf.candidates)
    if words:
        found = sought(membership=membership, filters=ReportFilters(words=words))[:PER_PAGE]
        keys = [record.report.pk for record in found]
    context = stage_context(membership, Stage.FULL_TEXT, "reports") | {
        "pdf": pdf,
        "words": words,
        "choices": reads.choices_of(keys),
    }
    return render(request, "screening/batch_pdf.html", context)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def assign(request: HttpRequest, membership: Membership, batch_pdf_id: int) -> HttpResponse:
    """Give a file to a report."""
    pdf = reads.batch_pdf_or_404(membership, batch_pdf_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, in_words(form))
        return redirect(pdf.batch)
    report = report_or_404(membership, form.cleaned_data["report"])
    may_replace = form.cleaned_data["may_replace"]
    try:
        services.assign_pdf(membership=membership, pdf=pdf, report=report, may_replace=may_replace)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, f"{pdf.original_name} is stored as the PDF of: {report}")
    return redirect(pdf.batch)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def undo_match(request: HttpRequest, membership: Membership, batch_pdf_id: int) -> HttpResponse:
    """Take a file off the report it was matched with."""
    pdf = reads.batch_pdf_or_404(membership, batch_pdf_id)
    try:
        services.undo_match(membership=membership, pdf=pdf)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, f"{pdf.original_name} is taken off its report.")
    return redirect(pdf.batch)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def set_aside(request: HttpRequest, membership: Membership, batch_pdf_id: int) -> HttpResponse:
    """Set a file aside."""
    pdf = reads.batch_pdf_or_404(membership, batch_pdf_id)
    try:
        services.set_pdf_aside(membership=membership, pdf=pdf)
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect(pdf.batch)
