"""What the demo review is about, in short own words; M numbers are those of `paper_facts.md`."""

from screening.models import HighlightTerm

SLUG = "ssl-medical-imaging"
TITLE = "Self-supervised learning for medical image classification"
QUESTION = (
    "Which strategy of self-supervised pre-training, on which imaging modality, gains how much "
    "over the supervised baseline in medical image classification?"
)
PROTOCOL = (
    "Follows Huang et al. 2023 (npj Digital Medicine 6:74). Title and abstract first, then full "
    "text, each judged by two reviewers who do not see each other's verdicts; who cannot agree "
    "asks the adjudicator (M09). Two people extract each study and settle the differences. The "
    "metric is AUROC, else accuracy, else F1, else sensitivity (M11). Of several models the best "
    "on average counts (M12); of several tasks the one that fits title and objective (M13). The "
    "comparator is the supervised model of the same architecture and pre-training data, else "
    "ImageNet-pre-trained before randomly initialised (M14). The smallest and the largest share "
    "of labels are taken (M15). Effects are not pooled (M20)."
)
INCLUSION_CRITERIA = [
    "English, original, peer-reviewed: journal article, conference paper or extended abstract "
    "(M01).",
    "Pre-trains by self-supervision: innate relationship, generative, contrastive, "
    "self-prediction, or several of them combined (M02).",
    "Classifies medical images downstream, with an outcome that is clinical or clinically "
    "relevant (M03).",
    "Fine-tunes the self-supervised model for that classification; human images only (M06, M07).",
]
EXCLUSION_REASONS = {
    "Labels used in pre-training": "Semi-supervised, or any curated labels in the "
    "self-supervision step (M04).",
    "Only segmentation or regression": "No classification downstream; detection, reconstruction "
    "and denoising count here too (M05).",
    "Not fine-tuned for classification": "The self-supervised model itself is not fine-tuned for "
    "the classification task (M06).",
    "Not human images": "Animal, cell-culture or non-medical images only (M07).",
    "No self-supervision of a defined kind": "None of the four strategies or their combination "
    "(M02).",
    "Outcome not clinically relevant": "For example the frame number in an echocardiogram (M03).",
    "Not original peer-reviewed English research": "Reviews, editorials, preprints without a "
    "peer-reviewed version, other languages (M01).",
}
HIGHLIGHTS: dict[str, list[str]] = {
    HighlightTerm.List.INCLUDE: [
        "self-supervis*",
        "contrastive",
        "pretext",
        "classif*",
        "diagnos*",
    ],
    HighlightTerm.List.EXCLUDE: ["segment*", "semi-supervis*", "reconstruct*", "denois*"],
    HighlightTerm.List.NEUTRAL: ["pre-train*", "pretrain*", "ImageNet", "X-ray", "histopatholog*"],
}
SOURCE_NOTE = (
    "The results of the paper's own searches in PubMed, Scopus and arXiv were never published. "
    "The four sources here stand in for them: the paper's reference list (its 79 included studies "
    "and four more) and three public lists of papers. So the numbers of this flow are those of "
    "this demo, not the paper's. The verdicts on the 79 studies are the paper's published ones; "
    "every other record is real and waits to be screened."
)
REFERENCES_NAME = "References of Huang et al. 2023"
SOURCES = {
    REFERENCES_NAME: (
        "huang_2023_references.csv",
        "Numbers 44 to 122, 127, 128, 134 and 142 of the reference list, arXiv version. "
        "44 to 121 and 127 are the 79 included studies.",
    ),
    "Awesome list A: SSL for medical images": (
        "list_a.md",
        "Public README of a list of papers, one table, last changed 27 May 2022.",
    ),
    "Awesome list B: SSL in medical imaging": (
        "list_b.md",
        "Public README of a list of papers, one table a year, 2017 to 2021.",
    ),
    "Awesome-Medical-Pretraining": (
        "list_c.md",
        "Public README of a list of papers on medical pre-training, 2022 to 2024.",
    ),
}
PUBLISHED_NAME = "Huang et al. 2023 (published decisions)"
PUBLISHED_EMAIL = "huang-et-al-2023@published.invalid"
