"""Reads one JSON request on stdin, answers in JSON on stdout. Bytes travel as base64."""

import base64
import json
import sys

from nacl.secret import SecretBox

request = json.load(sys.stdin)
box = SecretBox(base64.urlsafe_b64decode(request["key"]))
work = box.encrypt if request["do"] == "seal" else box.decrypt
answer = [base64.b64encode(work(base64.b64decode(value))).decode() for value in request["values"]]
json.dump(answer, sys.stdout)
