"""A public page for each problem code of the API, which the problem's `type` links to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from foundation.web.problem_codes import PROBLEM_TYPES


class ApiProblemList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/api_problem_list.html", {"problems": sorted(PROBLEM_TYPES.items())})


class ApiProblemDetail(View):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        problem = PROBLEM_TYPES.get(code)
        if problem is None:
            raise Http404
        return render(request, "home/api_problem_detail.html", {"code": code, "problem": problem})
