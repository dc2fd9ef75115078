"""Addresses of the extraction floor."""

from django.urls import URLPattern, path

from extraction.views import (
    candidates,
    cells,
    draft_parts,
    drafts,
    extract,
    forms,
    pages,
    reconcile,
    sheets,
    studies,
    tryout,
    work,
)

app_name = "extraction"
BASE = "r/<slug:slug>/extraction/"
DRAFT = f"{BASE}form/draft/"
SHEET = f"{BASE}sheets/<int:sheet_id>/"
STUDY = f"{BASE}studies/<int:study_id>/"
urlpatterns: list[URLPattern] = [
    path(BASE, studies.studies, name="studies"),
    path(f"{BASE}progress/", work.progress, name="progress"),
    path(f"{BASE}assign/", work.assign, name="assign"),
    path(f"{BASE}settings/", work.settings, name="settings"),
    path(f"{BASE}people/<int:member_id>/withdraw/", work.withdraw_person, name="withdraw-person"),
    path(f"{BASE}form/", forms.form, name="form"),
    path(f"{BASE}form/start/", forms.start, name="start-form"),
    path(DRAFT, drafts.draft, name="form-draft"),
    path(f"{BASE}form/draft.json", drafts.draft_json, name="draft-json"),
    path(f"{DRAFT}describe/", drafts.describe, name="describe-form"),
    path(f"{DRAFT}arrange/", drafts.arrange, name="arrange-form"),
    path(f"{DRAFT}discard/", drafts.discard, name="discard-form"),
    path(f"{DRAFT}publish/", drafts.publish, name="publish-form"),
    path(f"{DRAFT}new-part/", draft_parts.part, name="new-part"),
    path(f"{DRAFT}parts/<slug:group>/", draft_parts.part, name="form-part"),
    path(f"{DRAFT}parts/<slug:group>/new-field/", draft_parts.field, name="new-field"),
    path(f"{DRAFT}parts/<slug:group>/fields/<slug:field>/", draft_parts.field, name="form-field"),
    path(f"{DRAFT}try/", tryout.try_form, name="try-form"),
    path(f"{DRAFT}try/cell/", tryout.try_cell, name="try-cell"),
    path(f"{BASE}form.json", forms.form_json, name="form-json"),
    path(f"{BASE}studies/new/", studies.new_study, name="new-study"),
    path(STUDY, studies.study, name="study"),
    path(f"{STUDY}join/", studies.join, name="join-report"),
    path(f"{STUDY}describe/", studies.describe, name="describe-study"),
    path(f"{STUDY}people/", work.name_person, name="name-person"),
    path(f"{STUDY}people/withdraw/", work.withdraw, name="withdraw"),
    path(f"{STUDY}start/", studies.start, name="start"),
    path(f"{STUDY}extract/", extract.extract, name="extract"),
    path(f"{STUDY}extract/page/", extract.sheet, name="sheet"),
    path(f"{STUDY}extract/candidates/", candidates.candidates, name="candidates"),
    path(f"{STUDY}extract/pages/", extract.thumbnails, name="thumbnails"),
    path(f"{STUDY}extract/cell/", cells.save_cell, name="save-cell"),
    path(f"{STUDY}extract/evidence/", cells.evidence, name="evidence"),
    path(f"{STUDY}extract/rows/", extract.rows, name="rows"),
    path(f"{STUDY}extract/submit/", extract.submit, name="submit"),
    path(f"{STUDY}extract/reopen/", extract.reopen_own, name="reopen-own"),
    path(f"{BASE}extractions/<int:extraction_id>/reopen/", extract.reopen, name="reopen"),
    path(f"{STUDY}reconcile/", reconcile.compare, name="reconcile"),
    path(f"{STUDY}reconcile/begin/", reconcile.begin, name="begin"),
    path(f"{STUDY}reconcile/settle/", reconcile.settle, name="settle"),
    path(f"{STUDY}reconcile/row/", reconcile.settle_row, name="settle-row"),
    path(f"{STUDY}reconcile/finalise/", reconcile.finalise, name="finalise"),
    path(
        f"{BASE}full-texts/<int:full_text_id>/pages/<int:number>/",
        pages.page_picture,
        name="page-picture",
    ),
    path(f"{BASE}sheets/", sheets.sheets, name="sheet-imports"),
    path(SHEET, sheets.sheet, name="sheet-import"),
    path(f"{SHEET}map/", sheets.sheet_map, name="sheet-import-map"),
    path(f"{SHEET}undo/", sheets.sheet_undo, name="sheet-import-undo"),
    path(f"{SHEET}discard/", sheets.sheet_discard, name="sheet-import-discard"),
    path(f"{SHEET}problems.csv", sheets.sheet_problems, name="sheet-import-problems"),
]
