"""A student's documents (`documents/`), documents shared with an adviser (`staff/documents/`), and the files."""

from django.urls import path

from documents.views import files, staff, student

urlpatterns = [
    path("documents/", student.DocumentList.as_view(), name="document_list"),
    path("documents/upload/", student.DocumentCreate.as_view(), name="document_create"),
    path("documents/<slug:public_id>/", student.DocumentDetail.as_view(), name="document_detail"),
    path("documents/<slug:public_id>/rename/", student.DocumentRename.as_view(), name="document_rename"),
    path("documents/<slug:public_id>/delete/", student.DocumentDelete.as_view(), name="document_delete"),
    path("documents/<slug:public_id>/versions/", student.VersionCreate.as_view(), name="version_create"),
    path(
        "documents/<slug:public_id>/versions/<int:number>/delete/",
        student.VersionDelete.as_view(),
        name="version_delete",
    ),
    path("documents/<slug:public_id>/shares/", student.ShareCreate.as_view(), name="share_create"),
    path("documents/<slug:public_id>/shares/<slug:share>/end/", student.ShareEnd.as_view(), name="share_end"),
    path(
        "documents/<slug:public_id>/versions/<int:number>/file/",
        files.VersionDownload.as_view(),
        name="version_download",
    ),
    path("staff/documents/", staff.SharedDocumentList.as_view(), name="shared_document_list"),
]
