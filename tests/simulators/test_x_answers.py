"""What the simulated X answers, checked against X's own document: a simulator that invents proves nothing."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.scheduler.networks.x_contract import document
from tests.simulators.x_server import XServer, running

KEYS = {"Authorization": 'OAuth oauth_token="42-ficha"'}
FIGURES = "public_metrics,non_public_metrics,organic_metrics"


@pytest.fixture
def x_server() -> Iterator[XServer]:
    with running() as started:
        yield started


@pytest.fixture
def contract(test_data: Path) -> Any:  # noqa: ANN401 -- a library without types of its own
    return document(test_data)


class Reader:
    """Asks the simulator, and checks its answer."""

    def __init__(self, contract: Any, url: str) -> None:  # noqa: ANN401 -- see above
        self._contract, self._url = contract, url

    def ask(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 -- what requests takes, and any JSON
        from openapi_core.contrib.requests import (  # noqa: PLC0415 -- dear, and warns while it is imported
            RequestsOpenAPIRequest,
            RequestsOpenAPIResponse,
        )

        answer = requests.request(method, self._url + path, headers=KEYS, timeout=10, **sent)
        as_sent = answer.request.copy()
        as_sent.url = f"https://api.x.com{as_sent.path_url}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._contract.validate_response(RequestsOpenAPIRequest(as_sent), RequestsOpenAPIResponse(answer))
        assert answer.ok, answer.text
        return answer.json()


def test_its_answers_are_those_of_x_s_own_document(x_server: XServer, contract: Any) -> None:  # noqa: ANN401 -- see above
    x = Reader(contract, x_server.url)
    first = x.ask("POST", "/2/tweets", json={"text": "Ve https://ejemplo.mx ya"})["data"]["id"]
    x.ask("POST", "/2/tweets", json={"text": "Sigue", "reply": {"in_reply_to_tweet_id": first}})
    x_server.set(allows_quotes=True)
    x.ask("POST", "/2/tweets", json={"text": "Cita", "quote_tweet_id": first})
    assert x.ask("POST", "/2/users/42/retweets", json={"tweet_id": first})["data"]["retweeted"]
    fields = {
        "post.fields": "created_at,entities,note_post,conversation_id",
        "expansions": "referenced_posts",
    }
    page = x.ask("GET", "/2/users/42/tweets", params={**fields, "max_results": "5"})
    kinds = [each["type"] for post in page["data"] for each in post.get("referenced_posts", ())]
    assert kinds == ["retweeted", "quoted", "replied_to"]
    assert [user["id"] for user in x.ask("GET", f"/2/tweets/{first}/retweeted_by")["data"]] == ["42"]
    assert len(x.ask("GET", f"/2/tweets/{first}/retweets")["data"]) == 1
    assert [post["text"] for post in x.ask("GET", f"/2/tweets/{first}/quote_tweets")["data"]] == ["Cita"]
    assert (
        len(x.ask("GET", "/2/tweets/search/recent", params={"query": "from:cuenta42 ejemplo.mx"})["data"])
        == 1
    )
    x.ask("GET", "/2/users/me", params={"user.fields": "subscription_type,verified_type"})
    told = x.ask("GET", "/2/tweets", params={"ids": f"{first},20", "post.fields": FIGURES})
    assert told["data"][0]["public_metrics"]["repost_count"] == 1
    assert told["errors"][0]["resource_id"] == "20"


def test_its_uploads_answer_as_x_s_own_document_says(x_server: XServer, contract: Any) -> None:  # noqa: ANN401 -- see above
    x = Reader(contract, x_server.url)
    picture = x.ask(
        "POST", "/2/media/upload", files={"media": b"png"}, data={"media_category": "tweet_image"}
    )["data"]["id"]
    x.ask("POST", "/2/media/metadata", json={"id": picture, "metadata": {"alt_text": {"text": "Un mapa"}}})
    asked = {"media_category": "tweet_video", "media_type": "video/mp4", "total_bytes": 4}
    video = x.ask("POST", "/2/media/upload/initialize", json=asked)["data"]["id"]
    x.ask("POST", f"/2/media/upload/{video}/append", files={"media": b"1234"}, data={"segment_index": "0"})
    assert x.ask("POST", f"/2/media/upload/{video}/finalize")["data"]["processing_info"]["state"] == "pending"
    asked = {"media_id": video, "command": "STATUS"}
    states = [
        x.ask("GET", "/2/media/upload", params=asked)["data"]["processing_info"]["state"] for _ in range(2)
    ]
    assert states == ["in_progress", "succeeded"]
    sent = {"text": "Mira", "media": {"media_ids": [video]}}
    assert x.ask("POST", "/2/tweets", json=sent)["data"]["text"] == "Mira"


def test_control_an_answer_that_the_document_does_not_know_is_seen(
    x_server: XServer,
    contract: Any,  # noqa: ANN401 -- see above
) -> None:
    from openapi_core.exceptions import OpenAPIError  # noqa: PLC0415 -- see above

    x_server.fault("no_id")
    with pytest.raises(OpenAPIError):
        Reader(contract, x_server.url).ask("POST", "/2/tweets", json={"text": "Hola"})


PROBLEMS = ["400", "401", "402", "403", "404", "duplicate", "usage_cap", "rate_limit", "5xx_before"]


@pytest.mark.parametrize("kind", PROBLEMS)
def test_what_it_says_is_wrong_is_in_problem_details(x_server: XServer, kind: str) -> None:
    x_server.fault(kind)
    answer = requests.post(f"{x_server.url}/2/tweets", json={"text": "Hola"}, headers=KEYS, timeout=10)
    said = answer.json()
    assert {"detail", "title", "type", "status"} <= set(said)
    assert said["status"] == answer.status_code >= 400
