"""Uploading activity results: `/configuration/results/`."""

from django.urls import path

from eligibility.views import results

urlpatterns = [
    path("", results.ResultImport.as_view(), name="result_import"),
    path("apply/", results.ResultApply.as_view(), name="result_apply"),
    path("refused.csv", results.ResultRefusedDownload.as_view(), name="result_refused_download"),
    path("example.csv", results.ResultExampleDownload.as_view(), name="result_example_download"),
]
