"""The table of doors: every address of a review x role x expected answer, one file an area.

A door is one address and method with the capability it asks for, written by hand and not read
from the view. A new address needs a new row here: `test_no_address_of_a_review_is_missing` says so.
"""
