from django.urls import path

from wellbeing.views import leads, raising

urlpatterns = [
    path("raise/received/", raising.ConcernRaised.as_view(), name="concern_raised"),
    path("raise/<slug:public_id>/", raising.ConcernRaise.as_view(), name="concern_raise"),
    path("", leads.ConcernList.as_view(), name="concern_list"),
    path("<slug:public_id>/", leads.ConcernDetail.as_view(), name="concern_detail"),
    path("<slug:public_id>/close/", leads.ConcernClose.as_view(), name="concern_close"),
    path("<slug:public_id>/reopen/", leads.ConcernReopen.as_view(), name="concern_reopen"),
    path("<slug:public_id>/disclose/", leads.DisclosureCreate.as_view(), name="disclosure_create"),
]
