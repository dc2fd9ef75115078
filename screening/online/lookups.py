"""Looking records up by PubMed id or DOI, many at a time; each answer read by its own reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from screening.importers.parsed import ParsedRecord
from screening.online import crossref, openalex, pubmed
from screening.online.client import Client
from screening.online.errors import RefusedQuestionError
from screening.online.reading import records_of

Found = dict[str, ParsedRecord]
#: Letters that part the values of a filter; a DOI that holds one is asked for by itself.
_PARTING = frozenset(",|")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One place to look records up in.

    Attributes:
        name: Key, stored as where a value is from.
        label: For people.
        by: The identifier it takes: `pmid` or `doi`.
        host: The host that is asked.
        size: How many identifiers one question takes.
    """

    name: str
    label: str
    by: str
    host: str
    size: int
    ask: Callable[[Client, Sequence[str]], list[ParsedRecord]]

    def find(self, client: Client, identifiers: Sequence[str]) -> Found:
        """Look identifiers up.

        Args:
            client: Whom to ask through.
            identifiers: PubMed ids or DOIs, as `by` says.

        Returns:
            Identifier in small letters -> record, for those that are known there.

        Raises:
            OnlineError: There is no answer.
        """
        wanted = list(dict.fromkeys(one.lower() for one in identifiers))
        found: Found = {}
        for at in range(0, len(wanted), self.size):
            found |= self._some(client, wanted[at : at + self.size])
        return found

    def _some(self, client: Client, wanted: list[str]) -> Found:
        """One question; when one bad identifier spoils it, halves are asked until it is alone."""
        try:
            records = self.ask(client, wanted)
        except RefusedQuestionError:
            if len(wanted) == 1:
                return {}
            middle = len(wanted) // 2
            return self._some(client, wanted[:middle]) | self._some(client, wanted[middle:])
        keyed = ((str(getattr(record, self.by)).lower(), record) for record in records)
        return {key: record for key, record in keyed if key in set(wanted)}


def _by_pmid(client: Client, wanted: Sequence[str]) -> list[ParsedRecord]:
    body = pubmed.fetch(client, {"id": ",".join(wanted)})
    return records_of(body, "pubmed_xml")


def _at_crossref(client: Client, wanted: Sequence[str]) -> list[ParsedRecord]:
    easy, odd = _parted(wanted)
    records: list[ParsedRecord] = []
    if easy:
        names = ",".join(f"doi:{doi}" for doi in easy)
        params = {"filter": names, "rows": str(len(easy)), "select": crossref.SELECT}
        records += records_of(crossref.works(client, params)[0], "crossref_json")
    for doi in odd:
        body = crossref.work(client, f"/works/{quote(doi, safe='')}")
        records += records_of(body, "crossref_json") if body else []
    return records


def _at_openalex(client: Client, wanted: Sequence[str]) -> list[ParsedRecord]:
    easy, odd = _parted(wanted)
    records: list[ParsedRecord] = []
    if easy:
        names = f"doi:{'|'.join(easy)}"
        params = {"filter": names, "per_page": str(len(easy)), "select": openalex.SELECT}
        records += records_of(openalex.works(client, params)[0], "openalex_json")
    for doi in odd:
        body = openalex.work(client, f"/works/doi:{quote(doi, safe='')}")
        records += records_of(body, "openalex_json") if body else []
    return records


def _parted(wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    odd = [doi for doi in wanted if _PARTING & set(doi)]
    return [doi for doi in wanted if doi not in odd], odd


#: In the order they are asked; the first that gives a value is taken.
LOOKUPS = (
    Lookup("pubmed", "PubMed", "pmid", pubmed.HOST, 200, _by_pmid),
    Lookup("crossref", "Crossref", "doi", crossref.HOST, 40, _at_crossref),
    Lookup("openalex", "OpenAlex", "doi", openalex.HOST, 50, _at_openalex),
)
