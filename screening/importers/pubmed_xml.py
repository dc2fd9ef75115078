"""PubMed's XML (articles and books)."""

from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, read_elements

_TAGS = frozenset({"PubmedArticle", "PubmedBookArticle"})
_CITATION = ("MedlineCitation", "BookDocument")


_DIGITS = 9  # of a version


class PubmedXmlReader:
    """Reads the answer of PubMed's efetch."""

    name = "pubmed_xml"
    label = "PubMed XML"

    def confidence(self, head: Head) -> float:
        """Certain when an article or book of PubMed begins."""
        return 0.98 if any(f"<{tag}" in head.text for tag in _TAGS) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the articles; see `Reader.read`."""
        del options  # the format names its fields itself
        return read_elements(source, _TAGS, _fill)


def _fill(draft: Draft, node: Node) -> None:
    citation = next((one for tag in _CITATION for one in node.all(tag)), None)
    if citation is not None:
        _citation(draft, citation)
    for one in node.all("PubmedData/ArticleIdList/ArticleId"):
        _identifier(draft, one.attributes.get("IdType", ""), one.text)


def _citation(draft: Draft, citation: Node) -> None:
    articles = citation.all("Article")
    article = articles[0] if articles else citation
    for node in sorted(citation.all("PMID"), key=_version, reverse=True):
        draft.add("pmid", node.text, tag="PMID")
    draft.add("title", article.first("ArticleTitle", "VernacularTitle", "Book/BookTitle"))
    draft.keep("VernacularTitle", article.first("VernacularTitle"))
    draft.add("abstract", _abstract(article))
    draft.add("venue", article.first("Journal/Title", "Book/BookTitle"))
    draft.keep("ISOAbbreviation", article.first("Journal/ISOAbbreviation"))
    draft.keep("ISSN", article.first("Journal/ISSN"))
    draft.add("volume", article.first("Journal/JournalIssue/Volume", "Book/Volume"))
    draft.add("issue", article.first("Journal/JournalIssue/Issue"))
    draft.add("pages", article.first("Pagination/MedlinePgn"))
    if not draft.value("pages"):
        draft.add("start_page", article.first("Pagination/StartPage"))
        draft.add("end_page", article.first("Pagination/EndPage"))
    date = "Journal/JournalIssue/PubDate"
    draft.add("year", article.first(f"{date}/Year", f"{date}/MedlineDate"), tag="PubDate")
    draft.add("year", article.first("ArticleDate/Year", "Book/PubDate/Year"), tag="date", rank=1)
    draft.add("language", article.first("Language"))
    _people(draft, article)
    types = article.all("PublicationTypeList/PublicationType") + article.all("PublicationType")
    for node in types:
        draft.add("type", node.text, tag="PublicationType")
    for path in ("KeywordList/Keyword", "MeshHeadingList/MeshHeading/DescriptorName"):
        draft.keywords.extend(node.text for node in citation.all(path) if node.text)
    for node in article.all("ELocationID"):
        _identifier(draft, node.attributes.get("EIdType", ""), node.text)
    for node in citation.all("ArticleIdList/ArticleId"):
        _identifier(draft, node.attributes.get("IdType", ""), node.text)


def _version(node: Node) -> int:
    version = node.attributes.get("Version", "1")
    return int(version[:_DIGITS]) if version.isdecimal() else 0


def _abstract(article: Node) -> str:
    parts = []
    for node in article.all("Abstract/AbstractText"):
        label = node.attributes.get("Label", "")
        parts.append(f"{label}: {node.text}" if label else node.text)
    return "\n".join(part for part in parts if part)


def _people(draft: Draft, article: Node) -> None:
    for group in article.all("AuthorList"):
        names = [_name(author) for author in group.all("Author")]
        if group.attributes.get("Type") == "editors":
            for name in names:
                draft.keep("editor", name)
        else:
            draft.authors.extend(name for name in names if name)


def _name(author: Node) -> str:
    family, given = author.first("LastName"), author.first("ForeName", "Initials")
    return f"{family}, {given}" if family and given else family or author.first("CollectiveName")


def _identifier(draft: Draft, kind: str, value: str) -> None:
    if kind == "doi":
        draft.add("doi", value, tag="doi")
    elif kind == "pubmed":
        draft.add("pmid", value, tag="pubmed")
    else:
        draft.keep(kind, value)
