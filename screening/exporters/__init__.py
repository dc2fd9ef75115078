"""Writers of records with their decisions: RIS, BibTeX, CSV, Excel, PubMed (nbib), CSL-JSON.

Every writer reads its own text back with the importer's reader while it writes, and adds what the
format could not hold as one note (`screening.importers.own`). So `parse(write(x)) == x`.
"""
