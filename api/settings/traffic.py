"""Which settings say who is let in, and how much one caller may ask?"""

from api.limits import MEANINGS, Limits
from api.settings import parsers
from api.settings.setting import Setting

TRAFFIC = (
    Setting(
        "INTROSPECTION", "on", "`off` refuses introspection, and suggests no name for a wrong one.", parsers.switch
    ),
    Setting(
        "HOSTS",
        "",
        "The host names that requests may be sent to, separated by commas, `*.` for all below a name; empty: any.",
        parsers.names,
    ),
    Setting(
        "ORIGINS",
        "",
        "The origins whose pages may read answers in a browser (CORS), such as `https://vote.example.cn`, separated by "
        "commas; `*`: all; empty: only pages of the server itself.",
        parsers.origins,
    ),
    Setting(
        "PROXIES",
        "",
        "The networks of trusted proxies, such as `10.0.0.0/8`, separated by commas: what they say of a caller's address "
        "and scheme is believed, and nobody else's word is.",
        parsers.networks,
    ),
    Setting(
        "PROXY_HEADER",
        "x-forwarded-for",
        "In which header the trusted proxies write who asked them: `x-forwarded-for`, with `X-Forwarded-Proto` for the "
        "scheme, or `forwarded` (RFC 7239). A caller could write the other one.",
        parsers.one_of("x-forwarded-for", "forwarded"),
    ),
    Setting("HSTS", "0", "Seconds for which browsers shall come by HTTPS alone; 0: they are not told.", parsers.whole),
    *(
        Setting(f"LIMIT_{name.upper()}", str(getattr(Limits(), name)), meaning, parsers.whole)
        for name, meaning in MEANINGS.items()
    ),
)
