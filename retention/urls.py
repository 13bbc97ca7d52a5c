from django.urls import path

from retention.views import (
    alumni,
    copy_review,
    holds,
    nights,
    notice,
    officer,
    person,
    processing,
    schedule,
    settings,
    wellbeing,
)

urlpatterns = [
    path("retention/", nights.RetentionOverview.as_view(), name="retention_overview"),
    path("retention/try/", nights.DryRunStart.as_view(), name="dry_run_start"),
    path("retention/nights/<slug:public_id>/", nights.PurgeRunDetail.as_view(), name="purge_run_detail"),
    path("retention/nights/<slug:public_id>/people/", nights.NightPersonList.as_view(), name="night_person_list"),
    path("retention/nights/<slug:public_id>/approve/", nights.PurgeRunApprove.as_view(), name="purge_run_approve"),
    path("retention/nights/<slug:public_id>/stop/", nights.PurgeRunStop.as_view(), name="purge_run_stop"),
    path(
        "retention/nights/<slug:public_id>/certificate/",
        nights.CertificateDownload.as_view(),
        name="certificate_download",
    ),
    path("retention/schedule/register/", schedule.ScheduleList.as_view(), name="schedule_list"),
    path("retention/processing/", processing.ProcessingList.as_view(), name="processing_list"),
    path("retention/processing/download/", processing.ProcessingDownload.as_view(), name="processing_download"),
    path("retention/notice/", processing.NoticeWordsEdit.as_view(), name="notice_words_edit"),
    path("retention/without-clock/", schedule.UnclockedList.as_view(), name="unclocked_list"),
    path("retention/numbers/", schedule.StatisticList.as_view(), name="statistic_list"),
    path("retention/names/", schedule.MentionList.as_view(), name="mention_list"),
    path("retention/names/<slug:public_id>/", schedule.MentionReview.as_view(), name="mention_review"),
    path("retention/settings/", settings.RetentionSettingList.as_view(), name="retention_setting_list"),
    path("retention/settings/change/", settings.RetentionSettingChange.as_view(), name="retention_setting_change"),
    path(
        "retention/settings/<int:number>/withdraw/",
        settings.RetentionSettingWithdraw.as_view(),
        name="retention_setting_withdraw",
    ),
    path("retention/holds/", holds.LegalHoldList.as_view(), name="legal_hold_list"),
    path("retention/holds/new/", holds.LegalHoldCreate.as_view(), name="legal_hold_create"),
    path("retention/holds/several/", holds.LegalHoldsCreate.as_view(), name="legal_holds_create"),
    path("retention/holds/lift/", holds.LegalHoldsLift.as_view(), name="legal_holds_lift"),
    path("retention/holds/<slug:public_id>/", holds.LegalHoldDetail.as_view(), name="legal_hold_detail"),
    path("retention/holds/<slug:public_id>/extend/", holds.LegalHoldExtend.as_view(), name="legal_hold_extend"),
    path("retention/holds/<slug:public_id>/lift/", holds.LegalHoldLift.as_view(), name="legal_hold_lift"),
]

urlpatterns += [
    path("retention/requests/", officer.RightsRequestInbox.as_view(), name="rights_request_inbox"),
    path("retention/requests/new/", officer.RightsRequestRecord.as_view(), name="rights_request_record"),
    path("retention/requests/<slug:public_id>/", officer.RightsRequestDetail.as_view(), name="rights_request_detail"),
    *(
        path(f"retention/requests/<slug:public_id>/{part}/", view.as_view(), name=f"rights_request_{part}")
        for part, view in officer.ACTIONS.items()
    ),
    path("retention/requests/<slug:public_id>/names/", officer.CopyNames.as_view(), name="copy_names"),
    path("retention/requests/<slug:public_id>/copy/", officer.CopyRebuild.as_view(), name="copy_rebuild"),
    path("retention/requests/<slug:public_id>/release/", officer.CopyRelease.as_view(), name="copy_release"),
    path(
        "retention/requests/<slug:public_id>/read/<slug:key>/",
        copy_review.CopyPartRead.as_view(),
        name="copy_part_read",
    ),
    path("retention/requests/<slug:public_id>/parts/<slug:key>/", officer.CopyPart.as_view(), name="copy_part"),
    path("retention/parts/", wellbeing.RightsPartList.as_view(), name="rights_part_list"),
    path("retention/parts/<slug:public_id>/", wellbeing.RightsPartDecide.as_view(), name="rights_part_decide"),
]

urlpatterns += [
    path("privacy/", notice.Privacy.as_view(), name="privacy"),
    path("privacy/versions/", notice.NoticeVersionList.as_view(), name="notice_version_list"),
    path("privacy/versions/<int:number>/", notice.NoticeVersionDetail.as_view(), name="notice_version_detail"),
    path("rights/", person.RightsRequestList.as_view(), name="rights_request_list"),
    path("rights/new/", person.RightsRequestCreate.as_view(), name="rights_request_create"),
    path("rights/<slug:public_id>/", person.RightsRequestFollow.as_view(), name="rights_request_follow"),
    path("rights/<slug:public_id>/withdraw/", person.RightsRequestWithdraw.as_view(), name="rights_request_withdraw"),
    path("rights/copy/<str:token>/", person.CopyDownload.as_view(), name="copy_download"),
    path("profile/contact/", alumni.ContactPermissionEdit.as_view(), name="contact_permission_edit"),
    path("alumni/", alumni.AlumniList.as_view(), name="alumni_list"),
    path("alumni/export/", alumni.AlumniExport.as_view(), name="alumni_export"),
]
