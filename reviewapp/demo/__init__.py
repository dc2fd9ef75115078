"""The demo review of real data; `up --demo` loads it into an empty database."""

from reviewapp.demo.loader import load_demo
from reviewapp.demo.people import DemoPeople, DemoPerson

__all__ = ["DemoPeople", "DemoPerson", "load_demo"]
