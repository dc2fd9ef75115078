"""PubMed, EndNote, arXiv, MODS, Crossref and RDF as XML."""

import pytest

from screening.importers import xml_stream
from screening.importers.parsed import Severity
from tests.screening.importers.conftest import Report, messages, only

PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "http://x.example/p.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">77</PMID>
<Article><Journal><ISSN>1-2</ISSN><JournalIssue><Volume>1</Volume><Issue>2</Issue>
<PubDate><MedlineDate>2017 Nov-Dec</MedlineDate></PubDate></JournalIssue>
<Title>Journal of Tests</Title><ISOAbbreviation>J Tests</ISOAbbreviation></Journal>
<ArticleTitle>A <i>title</i> of  it</ArticleTitle><VernacularTitle>Un titre</VernacularTitle>
<Pagination><MedlinePgn>454-81</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.1000/p</ELocationID>
<Abstract><AbstractText Label="AIM">Why.</AbstractText><AbstractText>What.</AbstractText></Abstract>
<AuthorList><Author><LastName>Moreau</LastName><ForeName>Alice</ForeName></Author>
<Author><CollectiveName>The Group</CollectiveName></Author>
<Author><LastName>Solo</LastName></Author>
</AuthorList><AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList>
<Language>eng</Language>
<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>
</Article>
<MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList><Keyword>imaging</Keyword></KeywordList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">77</ArticleId>
<ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
<PubmedArticle></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>78</PMID><Book><BookTitle>Book</BookTitle>
<PubDate><Year>2010</Year></PubDate></Book><ArticleTitle>Chapter</ArticleTitle>
<ArticleIdList><ArticleId IdType="doi">10.1000/c</ArticleId></ArticleIdList></BookDocument>
</PubmedBookArticle></PubmedArticleSet>
"""


def test_pubmed_articles_and_books_are_read(report_of: Report) -> None:
    report = report_of(PUBMED)
    article, empty, book = report.records
    assert report.format == "pubmed_xml"
    assert (article.title, article.pmid, article.doi) == ("A title of it", "77", "10.1000/p")
    assert (article.year, article.venue, article.pages) == (2017, "Journal of Tests", "454-81")
    assert (article.volume, article.issue, article.language) == ("1", "2", "eng")
    assert article.abstract == "AIM: Why.\nWhat."
    assert article.authors == ("Moreau, Alice", "The Group", "Solo")
    assert article.keywords == ("imaging", "Humans")
    assert article.extra["editor"] == ("Ed",)
    assert article.extra["pmc"] == ("PMC1",)
    assert (article.position, article.raw_text[:15]) == (4, "<PubmedArticle>")
    assert article.raw_text.endswith("</PubmedArticle>")
    assert (empty.title, empty.position) == ("", 23)
    assert (book.title, book.venue, book.year, book.doi) == ("Chapter", "Book", 2010, "10.1000/c")


ENDNOTE = """<xml><records><record><database>x.enl</database><ref-type name="Journal Article">17
</ref-type><contributors><authors><author><style>Moreau, A</style></author></authors>
<secondary-authors><author>Ed, I</author></secondary-authors></contributors>
<titles><title><style>A <style>split</style> title</style></title>
<secondary-title>J Tests</secondary-title><short-title>Short</short-title></titles>
<periodical><full-title>Journal of Tests</full-title></periodical><pages>53</pages>
<volume>7</volume><number>2</number><keywords><keyword>acne</keyword></keywords>
<dates><year>2018</year></dates><electronic-resource-num>10.1000/e</electronic-resource-num>
<abstract>Text.</abstract><urls><related-urls><url>http://x.example</url></related-urls></urls>
<custom1>c</custom1></record><record><titles><title>Two</title></titles></record></records></xml>
"""


def test_endnote_records_are_read(report_of: Report) -> None:
    report = report_of(ENDNOTE)
    first, second = report.records
    assert report.format == "endnote_xml"
    assert (first.title, first.authors) == ("A split title", ("Moreau, A",))
    assert (first.venue, first.year, first.type) == ("Journal of Tests", 2018, "Journal Article")
    assert (first.volume, first.issue, first.pages) == ("7", "2", "53")
    assert (first.doi, first.abstract, first.keywords) == ("10.1000/e", "Text.", ("acne",))
    assert first.extra["custom1"] == ("c",)
    assert first.extra["secondary-authors"] == ("Ed, I",)
    assert first.urls[0].url == "http://x.example"
    assert second.title == "Two"


def test_other_records_are_hardly_endnote(report_of: Report) -> None:
    assert report_of("<list><record><x>1</x></record></list>").format == "endnote_xml"


ARXIV = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<title>arXiv Query</title>
<entry><id>http://arxiv.org/abs/1707.08567v1</id><title>A preprint</title>
<link href="https://arxiv.org/pdf/1707.08567v1" title="pdf"/><summary>Text.</summary>
<published>2017-07-27T08:18:33Z</published><arxiv:comment>44 pages</arxiv:comment>
<category term="cs.IT"/><author><name>Kees Immink</name></author>
<arxiv:doi>10.1000/a</arxiv:doi></entry></feed>
"""


def test_arxiv_entries_are_read(report_of: Report) -> None:
    report = report_of(ARXIV)
    record = only(report)
    assert report.format == "arxiv_atom"
    assert (record.title, record.arxiv_id, record.year) == ("A preprint", "1707.08567", 2017)
    assert (record.authors, record.doi) == (("Kees Immink",), "10.1000/a")
    assert [str(link.role) for link in record.urls] == ["preprint", "preprint"]
    assert record.extra["comment"] == ("44 pages",)


MODS = """<mods:mods xmlns:mods="http://www.loc.gov/mods/v3">
<mods:titleInfo><mods:nonSort>The </mods:nonSort><mods:title>Work :</mods:title>
<mods:subTitle>more</mods:subTitle></mods:titleInfo>
<mods:titleInfo type="alternative"><mods:title>Other</mods:title></mods:titleInfo>
<mods:name><mods:namePart type="family">Moreau</mods:namePart><mods:namePart type="given">Alice
</mods:namePart><mods:role><mods:roleTerm>author</mods:roleTerm></mods:role></mods:name>
<mods:name><mods:namePart>Ulmer, Fran</mods:namePart>
<mods:role><mods:roleTerm>editor</mods:roleTerm></mods:role></mods:name>
<mods:originInfo><mods:dateIssued>2002</mods:dateIssued></mods:originInfo>
<mods:subject><mods:topic>Elections</mods:topic></mods:subject>
<mods:identifier type="doi">10.1000/m</mods:identifier><mods:identifier>42</mods:identifier>
<mods:location><mods:url>http://x.example</mods:url></mods:location>
<mods:relatedItem type="host"><mods:titleInfo><mods:title>Host</mods:title></mods:titleInfo>
<mods:part><mods:detail type="volume"><mods:number>3</mods:number></mods:detail>
<mods:detail type="page"><mods:number>3</mods:number></mods:detail>
<mods:extent><mods:start>5</mods:start><mods:end>9</mods:end></mods:extent></mods:part>
</mods:relatedItem></mods:mods>
"""


def test_mods_are_read(report_of: Report) -> None:
    report = report_of(MODS)
    record = only(report)
    assert report.format == "mods"
    assert (record.title, record.authors) == ("The Work: more", ("Moreau, Alice",))
    assert (record.year, record.venue, record.volume) == (2002, "Host", "3")
    assert (record.pages, record.doi) == ("5-9", "10.1000/m")
    assert record.extra["identifier"] == ("42",)
    assert record.extra["contributor"] == ("Ulmer, Fran",)


CROSSREF = """<doi_records><doi_record><crossref><journal><journal_metadata language="en">
<full_title>Journal</full_title></journal_metadata><journal_issue><publication_date><year>2016</year>
</publication_date><journal_volume><volume>4</volume></journal_volume><issue>1</issue></journal_issue>
<journal_article><titles><title>Main:</title><subtitle>sub</subtitle></titles><contributors>
<person_name contributor_role="author"><given_name>A</given_name>
<surname>Moreau</surname></person_name>
<person_name contributor_role="editor"><surname>Ed</surname></person_name>
<organization>The Group</organization></contributors><pages><first_page>1</first_page>
<last_page>9</last_page></pages><doi_data><doi>10.1000/x</doi><resource>http://x.example</resource>
</doi_data></journal_article></journal></crossref></doi_record>
<doi_record><crossref><book><book_metadata><titles><title>Book</title></titles></book_metadata></book>
</crossref></doi_record></doi_records>
"""


def test_crossref_records_are_read(report_of: Report) -> None:
    report = report_of(CROSSREF)
    article, book = report.records
    assert report.format == "crossref_xml"
    assert (article.title, article.authors) == ("Main: sub", ("Moreau, A", "The Group"))
    assert (article.venue, article.volume, article.issue) == ("Journal", "4", "1")
    assert (article.year, article.pages, article.doi) == (2016, "1-9", "10.1000/x")
    assert (article.language, article.extra["editor"]) == ("en", ("Ed",))
    assert (book.title, book.venue, book.type) == ("Book", "", "book")


RDF = """<rdf:RDF xmlns:rdf="r" xmlns:bibo="b" xmlns:dc="d" xmlns:foaf="f">
<bibo:Book rdf:about="http://d-nb.info/1"><dc:title>Das Projekt</dc:title>
<dc:creator rdf:resource="p1"/><dc:creator><foaf:Person><foaf:name>Solo</foaf:name></foaf:Person>
</dc:creator><dc:subject>Macht</dc:subject><dc:issued>2015</dc:issued>
<dc:identifier>doi:10.1000/r</dc:identifier><dc:identifier>42</dc:identifier>
<dc:url rdf:resource="http://x.example"/><dc:publisher>Springer</dc:publisher></bibo:Book>
<foaf:Person rdf:about="p1"><foaf:familyName>Ronge</foaf:familyName>
<foaf:givenName>Bastian</foaf:givenName></foaf:Person></rdf:RDF>
"""


def test_rdf_works_are_read(report_of: Report) -> None:
    report = report_of(RDF)
    record = only(report)
    assert report.format == "rdf"
    assert (record.title, record.authors) == ("Das Projekt", ("Ronge, Bastian", "Solo"))
    assert (record.year, record.doi, record.keywords) == (2015, "10.1000/r", ("Macht",))
    assert record.extra == {"identifier": ("42",), "publisher": ("Springer",)}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (PUBMED, 3),
        (ENDNOTE, 2),
        (ARXIV, 1),
        (MODS, 0),
        (CROSSREF, 2),
        (RDF, 2 - 1),
    ],
)
def test_broken_xml_keeps_what_stands_above_and_names_the_line(
    report_of: Report, text: str, kept: int
) -> None:
    lines = text.rstrip().split("\n")
    report = report_of("\n".join([*lines[:-1], lines[-1][:-3]]) + "<&")
    assert report.imported <= kept
    (problem,) = [p for p in report.problems if p.severity is Severity.REJECTED][:1]
    assert problem.position == len(lines)
    assert "The XML is broken here" in problem.message


def test_entities_are_refused(report_of: Report) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    report = report_of(f"{bomb}\n<xml><record><ref-type>1</ref-type></record></xml>")
    assert report.is_refused
    assert "declares entities" in messages(report)


def test_a_record_beyond_all_measure_is_refused(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_stream, "_MAX_RECORD", 1000)
    report = report_of(f"<xml><record><ref-type>1</ref-type>{'x' * 200_000}</record></xml>")
    assert report.is_refused
    assert "One record is larger" in messages(report)


def test_windows_letters_in_a_file_that_says_utf8_are_read(report_of: Report) -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><xml><record><ref-type/><titles><title>Größe'
    report = report_of(f"{text}</title></titles></record></xml>", encoding="cp1252")
    assert only(report).title == "Größe"


def test_endlessly_nested_elements_are_refused(report_of: Report) -> None:
    deep = "<a>" * 5000 + "</a>" * 5000
    report = report_of(
        f"<?xml version='1.0'?><xml><records><record>{deep}</record></records></xml>"
    )
    assert "no export does that" in messages(report)


@pytest.mark.parametrize("encoding", ["UTy-8", "gbk", "idna", "hex", "undefined"])
def test_an_encoding_that_nobody_can_read_is_refused_in_words(
    encoding: str, report_of: Report
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><feed xmlns="http://www.w3.org/2005/Atom">'
    report = report_of(f"{text}<entry><id>http://arxiv.org/abs/1</id></entry></feed>")
    assert report.is_refused
    assert "save it as UTF-8" in messages(report)
