"""Outgoing: an endpoint's request as httpcore takes it. Pure."""

import httpcore

from battery.load.job import Job, JobEndpoint

HTTP_1_1, HTTP_2 = "HTTP/1.1", "HTTP/2"
# https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2: fields about the connection make an HTTP/2 request malformed.
_OF_THE_CONNECTION = (b"connection", b"keep-alive", b"proxy-connection", b"upgrade", b"te")


def origin_of(job: Job) -> httpcore.Origin:
    """Where the job's requests go."""
    return httpcore.Origin(b"https" if job.tls else b"http", job.host.encode("ascii"), job.port)


def outgoing(endpoint: JobEndpoint, origin: httpcore.Origin, version: str) -> httpcore.Request:
    """The endpoint's request for a connection that speaks this version."""
    head, _, body = endpoint.request.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    method, target, _ = line.split(b" ")
    pairs = (field.partition(b":") for field in fields)
    headers = [(name, value.strip()) for name, _, value in pairs]
    if version == HTTP_2:
        headers = [field for field in headers if field[0].lower() not in _OF_THE_CONNECTION]
    url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target)
    return httpcore.Request(method, url, headers=headers, content=body)
