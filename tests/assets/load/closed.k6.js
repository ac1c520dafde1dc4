// The same closed loop for k6: ask, check status and text, ask again.
import http from "k6/http";
import { check } from "k6";

export default function () {
  const answer = http.get(__ENV.TARGET);
  check(answer, { "as expected": (a) => a.status === 200 && a.body.includes("hello") });
}
