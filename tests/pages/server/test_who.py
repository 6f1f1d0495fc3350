"""Who a visitor is: the teacher by a key, or by a browser that came straight from the server's own computer."""

import pytest

from pages.shared.server import who

KEY = "k" * 40
LAN, SERVER_LAN = "192.168.7.21", "192.168.7.20"
FIREFOX = {"host": "localhost:8501", "origin": "http://localhost:8501"}


def visitor(client="127.0.0.1", server="127.0.0.1", port=8501, outside=False, scheme="ws", **headers):
    """Who a visitor is that comes with these headers; `_` stands for `-`."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"client": (client, 50123), "server": (server, port), "headers": named, "scheme": scheme}
    return who.visitor(scope, KEY, outside)


class TestOnTheServersOwnComputer:
    @pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "gan.localhost"])
    @pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "::1"])
    def test_a_browser_is_the_teachers(self, name, address):
        host = f"{name}:8501"
        assert visitor(address, address, host=host, origin=f"http://{host}") == who.TEACHER

    def test_a_browser_is_the_teachers_by_the_address_that_others_use(self):
        here = f"::ffff:{SERVER_LAN}"
        assert visitor(here, here, host=f"{SERVER_LAN}:8501", origin=f"http://{SERVER_LAN}:8501") == who.TEACHER

    def test_the_usual_ports_need_no_name(self):
        assert visitor(port=80, host="localhost", origin="http://localhost") == who.TEACHER
        assert visitor(port=443, scheme="wss", host="localhost", origin="https://localhost") == who.TEACHER

    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "school.example"},  # a proxy or a tunnel that hands on the name; a name that was made to lead here
            {"host": "school.example:8501"},
            {"host": f"{SERVER_LAN}:80"},  # a forwarded port of this computer
            {"host": "localhost:80"},
            {"host": "localhost"},
            {"host": "localhost:8501", "origin": "https://school.example"},  # a proxy as it is set up at first
            {"host": "localhost:8501", "origin": "null"},
            {"host": "localhost:nonsense"},
            {"host": "[::1"},
            {"host": ""},
            {},
        ],
    )
    def test_who_called_another_name_or_port_is_not_here(self, headers):
        assert visitor(**headers) == "unknown"

    @pytest.mark.parametrize(
        "mark",
        ["x_forwarded_for", "x_forwarded_host", "x_real_ip", "forwarded", "via", "cf_connecting_ip", "true_client_ip"],
    )
    @pytest.mark.parametrize("value", ["127.0.0.1", ""])
    def test_who_came_through_a_proxy_is_not_here(self, mark, value):
        assert visitor(**FIREFOX, **{mark: value}) == "unknown"

    def test_no_address_counts_where_the_server_is_known_outside(self):
        assert visitor(**FIREFOX, outside=True) == "unknown"
        assert visitor(LAN, SERVER_LAN, host=f"{SERVER_LAN}:8501", outside=True) == "unknown"


class TestElsewhere:
    @pytest.mark.parametrize("address", [LAN, f"::ffff:{LAN}"])
    def test_a_computer_is_known_by_its_address(self, address):
        assert visitor(address, SERVER_LAN, host=f"{SERVER_LAN}:8501") == LAN

    def test_whatever_its_browser_calls_the_server(self):
        assert visitor(LAN, SERVER_LAN, **FIREFOX) == LAN

    def test_a_browser_behind_a_proxy_is_known_by_its_cookie(self):
        names = {visitor(**FIREFOX, via="1.1 proxy", cookie=f"{who.VISITOR}={name}") for name in ("a", "b")}
        assert len(names) == 2 and not names & {who.TEACHER, "unknown", "127.0.0.1"}
        assert not [name for name in names if name.endswith((" a", " b"))], "others see the name, not the cookie"

    def test_a_cookie_is_no_key(self):
        assert visitor(LAN, SERVER_LAN, cookie=f"{who.KEY}={'x' * 40}; {who.VISITOR}=teacher") == LAN
        assert visitor(**FIREFOX, via="1.1 proxy", cookie=f"{who.KEY}=; {who.VISITOR}={who.TEACHER}") != who.TEACHER
        assert visitor(LAN, SERVER_LAN, cookie="a=\x00; [broken") == LAN


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("client", ["127.0.0.1", LAN])
def test_who_holds_the_key_is_the_teacher_from_anywhere(client, outside):
    headers = {"cookie": f"a=b; {who.KEY}={KEY}", "host": "school.example", "x_forwarded_for": LAN}
    assert visitor(client, outside=outside, **headers) == who.TEACHER
