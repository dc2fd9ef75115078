"""Small samples in the shape that each database, tool and manager really exports."""

import csv
import gzip
import io

import pytest

from tests.screening.importers.conftest import Report, only

#: Every sample is the same article; what a source leaves out is not asked of it.
TITLE = "Self-supervised learning for chest radiographs"
FULL = {
    "title": TITLE,
    "authors": ("Moreau, Alice", "Berg, Bo"),
    "year": 2021,
    "venue": "Journal of Tests",
    "volume": "7",
    "issue": "2",
    "pages": "101-109",
    "doi": "10.1000/abc.1",
}
RIS = {
    "PubMed": "TY  - JOUR\nDB  - PubMed\nT1  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "Y1  - 2021/03//\nJF  - Journal of Tests\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    "DO  - 10.1000/abc.1\nAN  - 33000000\n",
    "Scopus": "TY  - JOUR\nTI  - {title}\nT2  - Journal of Tests\nJ2  - J. Tests\nVL  - 7\n"
    "IS  - 2\nSP  - 101\nEP  - 109\nPY  - 2021\nDO  - 10.1000/abc.1\n"
    "AU  - Moreau, Alice\nAU  - Berg, Bo\nN2  - Text.\nN1  - Export\n",
    "Web of Science": "TY  - JOUR\nAU  - Moreau, Alice\nAU  - Berg, Bo\nTI  - {title}\n"
    "T2  - Journal of Tests\nSN  - 1234-5678\nDA  - MAR\nPY  - 2021\nVL  - 7\nIS  - 2\n"
    "SP  - 101\nEP  - 109\nDO  - 10.1000/abc.1\nAN  - WOS:1\n",
    "Embase/Ovid": "TY  - JOUR\nDB  - Embase\nAN  - 631\nT1  - {title}\nA1  - Moreau, Alice\n"
    "A1  - Berg, Bo\nY1  - 2021//\nJF  - Journal of Tests\nVL  - 7\nIS  - 2\n"
    "SP  - 101\nEP  - 109\nDO  - https://dx.doi.org/10.1000/abc.1\n",
    "ProQuest": "TY  - JOUR\nT1  - {title}\nAN  - 12; 34\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "Y1  - 2021///\nPY  - 2021\nDA  - 2021\nSP  - 101-109\nJF  - Journal of Tests\n"
    "VL  - 7\nIS  - 2\nDO  - https://doi.org/10.1000/abc.1\n",
    "EBSCO": "TY  - JOUR\nID  - 1\nT1  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "JO  - Journal of Tests\nY1  - 2021/03//\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    "DO  - 10.1000/abc.1\nDP  - EBSCOhost\n",
    "IEEE": "TY  - JOUR\nTI  - {title}\nT2  - Journal of Tests\nSP  - 101\nEP  - 109\n"
    "AU  - A. Moreau\nAU  - B. Berg\nPY  - 2021\nJO  - Journal of Tests\nIS  - 2\n"
    "SN  - 1\nVO  - 7\nVL  - 7\nDO  - 10.1000/abc.1\n",
    "JSTOR": "Provider: JSTOR http://www.jstor.org\nContent: text/plain\n\nTY  - JOUR\n"
    "TI  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\nT2  - Journal of Tests\n"
    "VL  - 7\nIS  - 2\nPY  - 2021\nSP  - 101\nEP  - 109\nDO  - 10.1000/abc.1\n",
    "Zotero": "TY  - JOUR\nTI  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "T2  - Journal of Tests\nDA  - 2021/03/04/\nPY  - 2021\nDO  - 10.1000/abc.1\n"
    "VL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\nJ2  - J. Tests\n",
    "EndNote": "TY  - JOUR\nAU  - Moreau, Alice\nAU  - Berg, Bo\nDO  - 10.1000/abc.1\nIS  - 2\n"
    "N1  - x\nPY  - 2021\nSP  - 101-109\nST  - Self-supervised\n"
    "T2  - Journal of Tests\nTI  - {title}\nVL  - 7\nID  - 12\n",
    "Mendeley": "TY  - JOUR\nT1  - {title}\nA1  - Moreau, Alice\nA1  - Berg, Bo\n"
    "JF  - Journal of Tests\nY1  - 2021/03/04\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    "DO  - 10.1000/abc.1\nL1  - file:///C:/a.pdf\n",
    "Rayyan": "TY  - JOUR\nTI  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "JO  - Journal of Tests\nPY  - 2021\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    'DO  - 10.1000/abc.1\nN1  - RAYYAN-INCLUSION: {{"Ann"=>"Included"}}\n',
    "Covidence": "TY  - JOUR\nT1  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "JO  - Journal of Tests\nPY  - 2021\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    "DO  - 10.1000/abc.1\nU1  - 12[covidence]\n",
    "ASReview": "TY  - JOUR\nTI  - {title}\nAU  - Moreau, Alice\nAU  - Berg, Bo\n"
    "T2  - Journal of Tests\nPY  - 2021\nVL  - 7\nIS  - 2\nSP  - 101\nEP  - 109\n"
    "DO  - 10.1000/abc.1\nN1  - ASReview_relevant\n",
}


@pytest.mark.parametrize("source", RIS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ris_of_each_source_is_read(report_of: Report, source: str, end: str) -> None:
    text = (RIS[source].format(title=TITLE) + "ER  - \n\n").replace("\n", end)
    report = report_of(text)
    record = only(report)
    wanted = dict(FULL, authors=("A. Moreau", "B. Berg")) if source == "IEEE" else FULL
    assert {name: getattr(record, name) for name in wanted} == wanted
    assert report.format == "ris"
    assert record.raw_text.startswith(f"TY  - JOUR{end}")


@pytest.mark.parametrize(
    ("source", "tag", "value"),
    [
        ("PubMed", "AN", "33000000"),
        ("Scopus", "J2", "J. Tests"),
        ("Web of Science", "AN", "WOS:1"),
        ("Covidence", "U1", "12[covidence]"),
    ],
)
def test_what_has_no_field_is_kept_under_its_tag(
    report_of: Report, source: str, tag: str, value: str
) -> None:
    record = only(report_of(RIS[source].format(title=TITLE) + "ER  - \n"))
    assert value in record.extra[tag]


HEADERS = {
    "Scopus": "Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume,Issue,"
    "Art. No.,Page start,Page end,Cited by,DOI,Link,Abstract,Author Keywords,"
    "Index Keywords,Document Type,Source,EID",
    "Web of Science (tab)": "PT,AU,BA,TI,SO,LA,DT,DE,ID,AB,PY,VL,IS,BP,EP,AR,DI,UT,PM",
    "PubMed": "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,"
    "Create Date,PMCID,NIHMS ID,DOI",
    "Embase": "Title,Source title,Publication Year,Volume,Issue,First Page,Last Page,"
    "Author Names,Abstract,DOI,Publication Type,Embase Accession ID,Medline PMID",
    "IEEE": "Document Title,Authors,Author Affiliations,Publication Title,Date Added To Xplore,"
    "Publication Year,Volume,Issue,Start Page,End Page,Abstract,ISSN,ISBNs,DOI,"
    "PDF Link,Author Keywords,Document Identifier",
    "Springer": "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,"
    "Item DOI,Authors,Publication Year,URL,Content Type",
    "Dimensions": "Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,"
    "Publisher,MeSH terms,PubYear,Volume,Issue,Pagination,Open Access,Publication Type,"
    "Authors,Source Linkout,Dimensions URL",
    "Lens": "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,"
    "Publisher,Author/s,Abstract,Volume,Issue Number,Start Page,End Page,"
    "Fields of Study,Keywords,Source URLs,External URL,PMID,DOI",
    "Zotero": "Key,Item Type,Publication Year,Author,Title,Publication Title,ISBN,ISSN,DOI,Url,"
    "Abstract Note,Date,Date Added,Pages,Num Pages,Issue,Volume,Journal Abbreviation,"
    "Language,Manual Tags,Automatic Tags",
    "Covidence": "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,"
    "Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags",
    "Rayyan": "key,title,authors,issn,volume,issue,pages,year,day,month,journal,publisher,pmc_id,"
    "pubmed_id,url,doi,abstract",
    "ASReview": "record_id,title,abstract,authors,year,doi,keywords,included",
}
CELLS = {
    "title": TITLE,
    "authors": "Moreau, Alice; Berg, Bo",
    "year": "2021",
    "venue": "Journal of Tests",
    "volume": "7",
    "issue": "2",
    "start": "101",
    "end": "109",
    "pages": "101-109",
    "doi": "10.1000/abc.1",
}
COLUMNS = {
    "title": ("Title", "title", "TI", "Document Title", "Item Title"),
    "authors": ("Authors", "authors", "AU", "Author", "Author/s", "Author Names"),
    "year": ("Year", "year", "PY", "Publication Year", "Published Year", "PubYear"),
    "venue": (
        *("Source title", "Source Title", "SO", "Journal/Book", "Journal", "journal"),
        "Publication Title",
    ),
    "volume": ("Volume", "volume", "VL", "Journal Volume"),
    "issue": ("Issue", "issue", "IS", "Journal Issue", "Issue Number"),
    "start": ("Page start", "BP", "First Page", "Start Page"),
    "end": ("Page end", "EP", "Last Page", "End Page"),
    "pages": ("Pages", "pages", "Pagination"),
    "doi": ("DOI", "doi", "DI", "Item DOI"),
}


def _table(source: str, delimiter: str) -> tuple[str, set[str]]:
    headers = HEADERS[source].split(",")
    field_of = {header: field for field, names in COLUMNS.items() for header in names}
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerow([CELLS.get(field_of.get(header, ""), "") for header in headers])
    return stream.getvalue(), {field_of[header] for header in headers if header in field_of}


@pytest.mark.parametrize("source", HEADERS)
def test_the_columns_of_each_source_are_known(report_of: Report, source: str) -> None:
    text, fields = _table(source, "\t" if "tab" in source else ",")
    report = report_of(text)
    record = only(report)
    asked = (fields | ({"pages"} if "start" in fields else set())) - {"start", "end"}
    assert {name: getattr(record, name) for name in asked} == {name: FULL[name] for name in asked}
    assert {"title", "authors", "year", "doi"} <= asked
    assert report.format == "csv"


PUBMED_XML = (
    "<?xml version='1.0'?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    f"<ArticleTitle>{TITLE}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pubmed_xml", PUBMED_XML),
        ("nbib", f"PMID- 1\nOWN - NLM\nTI  - {TITLE}\nDP  - 2021\n"),
        ("ris", f"TY  - JOUR\nTI  - {TITLE}\nER  - \n"),
        ("csl_json", f'[{{"type": "article", "title": "{TITLE}"}}]'),
        ("bibtex", f"@article{{a, title = {{{TITLE}}}}}"),
        ("csv", f"title,year\n{TITLE},2021\n"),
    ],
)
def test_a_packed_export_is_read_like_the_plain_one(
    report_of: Report, name: str, text: str
) -> None:
    plain, packed = report_of(text), report_of(gzip.compress(text.encode()), name="packed.gz")
    assert plain.records == packed.records
    assert (plain.format, packed.format, only(packed).title) == (name, name, TITLE)


def test_names_of_bibtex_are_turned_by_its_own_rules(report_of: Report) -> None:
    text = (
        "@article{a, title={T}, author={Ludwig van Beethoven and Lee, Ann and Bo Berg"
        " and {World Health Organization and Partners} and others}}"
    )
    assert only(report_of(text)).authors == (
        "van Beethoven, Ludwig",
        "Lee, Ann",
        "Berg, Bo",
        "World Health Organization and Partners",
    )


def test_indices_and_formulas_of_tex_become_letters(report_of: Report) -> None:
    text = "@article{a, title={H$_{2}$O, $\\Sigma^{0}$, 4$^{th}$, $5 and $6, \\~{}10}}"
    assert only(report_of(text)).title == "H₂O, Σ⁰, 4th, $5 and $6, ~10"


def test_ovid_names_lose_roles_marks_and_degrees_but_no_initials(report_of: Report) -> None:
    text = (
        "<1. >\nAU  - Walsdorf, Neill B. [Inventor, Reprint Author]\nAU  - Zhang, Weijia 1,2,+\n"
        "AU  - Gazic, Barbara MD, PhD *\nAU  - Shedko, MB\nAU  - Wong, DO\nTI  - T\n"
    )
    assert only(report_of(text)).authors == (
        "Walsdorf, Neill B.",
        "Zhang, Weijia",
        "Gazic, Barbara",
        "Shedko, MB",
        "Wong, DO",
    )
