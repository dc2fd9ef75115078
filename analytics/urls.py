"""Addresses of the top floor."""

from django.urls import URLPattern

app_name = "analytics"
urlpatterns: list[URLPattern] = []
