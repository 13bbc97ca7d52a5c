from django.urls import path

from rulebook.views import change, misses, pages

urlpatterns = [
    path("misses/", misses.MissRuleList.as_view(), name="miss_rule_list"),
    path("misses/change/", misses.MissRuleChange.as_view(), name="miss_rule_change"),
    path("types/", pages.TypeRuleList.as_view(), name="type_rule_list"),
    path("audiences/", pages.AudienceList.as_view(), name="audience_list"),
    path("audiences/new/", pages.AudienceCreate.as_view(), name="audience_create"),
    path("audiences/<slug:slug>/", pages.AudienceDetail.as_view(), name="audience_detail"),
    path("audiences/<slug:slug>/try/", pages.AudienceTry.as_view(), name="audience_try"),
    path("audiences/<slug:slug>/change/", change.AudienceChange.as_view(), name="audience_change"),
    path("audiences/<slug:slug>/preview/", change.AudiencePreview.as_view(), name="audience_preview"),
    path("audiences/<slug:slug>/check/", change.AudienceCheck.as_view(), name="audience_check"),
    path("audiences/<slug:slug>/schedule/", change.AudienceSchedule.as_view(), name="audience_schedule"),
    path("audiences/<slug:slug>/scheduled/", change.AudienceScheduled.as_view(), name="audience_scheduled"),
    path("audiences/<slug:slug>/withdraw/<int:pk>/", change.RuleWithdraw.as_view(), name="rule_withdraw"),
    path("audiences/<slug:slug>/roll-back/<int:pk>/", change.RuleRollBack.as_view(), name="rule_roll_back"),
]
