"""The actions of the screening pages that have a key, with the keys they begin with."""

from screening.models import StageSettings

KeyName = tuple[str, str, str]

INCLUDE, MAYBE, EXCLUDE = (
    ("include", "i y", "Include"),
    ("maybe", "m", "Maybe"),
    ("exclude", "e n", "Exclude"),
)
REST: tuple[KeyName, ...] = (
    ("undo", "z", "Undo my last verdict"),
    ("skip", "j arrowright", "Next record, without deciding"),
    ("back", "k arrowleft", "Previous record"),
    ("highlights", "h", "Highlights on and off"),
    ("criteria", "c", "Show the criteria"),
    ("tag", "t", "Add a tag"),
    ("search", "/", "Search the records"),
    ("duplicate", "u", "Mark as a duplicate of another record"),
    ("pdf", "o", "Open the PDF"),
    ("help", "?", "This help"),
)
LIST_KEYS: tuple[KeyName, ...] = (
    ("tick", "x", "Tick the row"),
    ("abstract", "a", "Show the row's abstract"),
)
PATH_KEYS: tuple[KeyName, ...] = (
    ("answer_yes", "y", "Question: yes"),
    ("answer_no", "n", "Question: no"),
    ("answer_unclear", "q", "Question: unclear"),
)


def key_names(settings: StageSettings, *more: KeyName) -> tuple[KeyName, ...]:
    """The actions with a key on a page of the stage; `Y` and `N` answer where there is a path."""
    if not settings.has_question_path:
        return (INCLUDE, MAYBE, EXCLUDE, *REST, *more)
    verdicts = (("include", "i", "Include"), MAYBE, ("exclude", "e", "Exclude"))
    return (*verdicts, *PATH_KEYS, *REST, *more)
