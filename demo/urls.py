from django.urls import URLPattern, path

from demo.views.outbox import OutboxAttachment, OutboxDetail, OutboxHtml, OutboxList
from demo.views.sign_in import DemoPeople, DemoSignIn

urlpatterns: list[URLPattern] = [
    path("people.json", DemoPeople.as_view(), name="demo_people"),
    path("sign-in/", DemoSignIn.as_view(), name="demo_sign_in"),
    path("outbox/", OutboxList.as_view(), name="outbox_list"),
    path("outbox/<str:public_id>/", OutboxDetail.as_view(), name="outbox_detail"),
    path("outbox/<str:public_id>/html/", OutboxHtml.as_view(), name="outbox_html"),
    path("outbox/<str:public_id>/attachments/<int:number>/", OutboxAttachment.as_view(), name="outbox_attachment"),
]
