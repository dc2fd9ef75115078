"""Bundles: the whole review in one open file, for its leads."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.jobs import JobOut
from screening.models import Job
from screening.rules.bundles import Files
from screening.rules.roles import Capability
from screening.selectors.bundles import bundles_of
from screening.services.bundles import HEADERS, start_bundle, take_bundle


class BundleIn(serializers.Serializer[Any]):
    """What goes in by choice."""

    files = serializers.ChoiceField(choices=[one.value for one in Files], default=Files.NONE.value)
    pseudonyms = serializers.BooleanField(
        default=False, help_text="Person 1, 2, ... instead of names; not with all files."
    )


class BundleOut(serializers.Serializer[Any]):
    """A bundle, as far as it is."""

    job = JobOut()
    is_final = serializers.BooleanField(
        help_text="What the review leaves behind when it is deleted."
    )
    is_there = serializers.BooleanField(source="file", help_text="It can be downloaded.")
    size = serializers.IntegerField(source="facts.size", default=None, allow_null=True)
    content_sha256 = serializers.CharField(
        source="facts.content_sha256", default=None, allow_null=True
    )


class Bundles(ReviewApi):
    """The bundles of the review."""

    @endpoint(BundleOut(many=True), needs=Capability.MANAGE)
    def get(self) -> Any:
        """List the bundles, newest first."""
        return BundleOut(bundles_of(self.review), many=True).data

    @endpoint(JobOut, takes=BundleIn, needs=Capability.MANAGE, status=202, even_archived=True)
    def post(self) -> Job:
        """Ask for a bundle; refused while it would tell what blinding hides."""
        return start_bundle(
            lead=self.membership,
            files=Files(self.given["files"]),
            has_pseudonyms=self.given["pseudonyms"],
        )


class BundleFile(ReviewApi):
    """A bundle as a file."""

    @endpoint(OpenApiTypes.BINARY, needs=Capability.MANAGE)
    def get(self, bundle_id: int) -> FileResponse:
        """Download a bundle, by the number of its job; who took it is noted."""
        taken = take_bundle(lead=self.membership, bundle_id=bundle_id)
        return FileResponse(taken.stream, filename=taken.name, as_attachment=True, headers=HEADERS)
