"""All outside databases in one list; adding one is one file with the methods of `Database`."""

from screening.online.arxiv import Arxiv
from screening.online.crossref import Crossref
from screening.online.database import Database
from screening.online.openalex import OpenAlex
from screening.online.pubmed import PubMed

DATABASES: tuple[Database, ...] = (PubMed(), Arxiv(), Crossref(), OpenAlex())


def database_named(name: str) -> Database:
    """Return a database by its name.

    Raises:
        ValueError: There is none of that name.
    """
    for database in DATABASES:
        if database.name == name:
            return database
    raise ValueError(f"unknown database {name!r}")
