// Seals and opens JWE with go-jose, for keys that jose-util does not read. Reads one JSON request on stdin, answers in
// JSON on stdout. Bytes travel as base64. With any argument it does nothing: it is asked whether it is there.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	jose "github.com/go-jose/go-jose/v4"
)

type request struct {
	Do    string            `json:"do"`
	Key   jose.JSONWebKey   `json:"key"`
	Alg   jose.KeyAlgorithm `json:"alg"`
	Cases []one             `json:"cases"`
}

type one struct {
	Enc   jose.ContentEncryption `json:"enc"`
	Form  string                 `json:"form"`
	Value []byte                 `json:"value"`
	Token string                 `json:"token"`
}

func main() {
	if len(os.Args) > 1 {
		return
	}
	if err := answer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer() error {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return err
	}
	answers := []string{}
	for _, next := range asked.Cases {
		work := open
		if asked.Do == "seal" {
			work = seal
		}
		done, err := work(asked, next)
		if err != nil {
			return fmt.Errorf("%s %s: %w", asked.Alg, next.Enc, err)
		}
		answers = append(answers, done)
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func seal(asked request, next one) (string, error) {
	key := asked.Key.Key
	if public := asked.Key.Public(); public.Valid() {
		key = public.Key
	}
	recipient := jose.Recipient{Algorithm: asked.Alg, Key: key}
	encrypter, err := jose.NewEncrypter(next.Enc, recipient, nil)
	if err != nil {
		return "", err
	}
	sealed, err := encrypter.Encrypt(next.Value)
	if err != nil {
		return "", err
	}
	if next.Form == "compact" {
		return sealed.CompactSerialize()
	}
	return sealed.FullSerialize(), nil
}

func open(asked request, next one) (string, error) {
	algorithms, contents := []jose.KeyAlgorithm{asked.Alg}, []jose.ContentEncryption{next.Enc}
	sealed, err := jose.ParseEncrypted(next.Token, algorithms, contents)
	if err != nil {
		return "", err
	}
	value, err := sealed.Decrypt(asked.Key.Key)
	return base64.StdEncoding.EncodeToString(value), err
}
