"""Reads one JSON request on stdin, answers in JSON on stdout. Bytes travel as base64."""

import base64
import json
import sys

from cryptography.fernet import Fernet, MultiFernet

request = json.load(sys.stdin)
fernet = MultiFernet([Fernet(key) for key in request["keys"]])
if request["do"] == "seal":
    answer = [fernet.encrypt(base64.b64decode(value)).decode() for value in request["values"]]
elif request["do"] == "open":
    answer = [base64.b64encode(fernet.decrypt(token)).decode() for token in request["values"]]
else:
    answer = [fernet.rotate(token).decode() for token in request["values"]]
json.dump(answer, sys.stdout)
