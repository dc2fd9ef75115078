"""Addresses of the extraction floor."""

from django.urls import URLPattern

app_name = "extraction"
urlpatterns: list[URLPattern] = []
