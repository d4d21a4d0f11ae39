"""Reads one JSON request on stdin, answers in JSON on stdout. Bytes travel as base64."""

import base64
import json
import sys

from jwcrypto import jwa, jwe, jwk

# Its own limit is 16384.
jwa.default_max_pbkdf2_iterations = 1000000

request = json.load(sys.stdin)
key = jwk.JWK(**request["key"])
alg = request["alg"]
answer = []
for case in request["cases"]:
    algorithms = [alg, case["enc"]]
    if request["do"] == "seal":
        header = json.dumps({"alg": alg, "enc": case["enc"]})
        token = jwe.JWE(base64.b64decode(case["value"]), header, algs=algorithms, recipient=key)
        answer.append(token.serialize(compact=case["form"] == "compact"))
    else:
        token = jwe.JWE(algs=algorithms)
        token.deserialize(case["token"], key)
        answer.append(base64.b64encode(token.payload).decode())
json.dump(answer, sys.stdout)
