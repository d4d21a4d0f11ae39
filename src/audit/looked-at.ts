const manifest = /\.(?:ya?ml|json|kubeconfig)$|^(?:kustomization|kubeconfig)$/i;

/** Whether a file's content is Kubernetes YAML or JSON, told by its base name. */
export function isManifestName(fileName: string): boolean {
  return manifest.test(fileName);
}

/** Key files by what they end with; certificates are among them, and key stores, which are binary, are not. */
const keyEnding = /\.(?:pem|key|p8|pk8|asc|gpg|pgp|age|agekey|ppk|jwks?|fernet|secretbox)$/i;
/** ssh's keys, age's and Flux's key files, and environment files. */
const keyName =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|ssh_host_\w+_key|identity|keys?\.txt|\.env(?:\..+)?)$|\.env$/i;

/** Whether a file is a key file by its base name: looked through for keys, and not read as a manifest. */
export function isKeyFileName(fileName: string): boolean {
  return keyEnding.test(fileName) || keyName.test(fileName);
}

const kubeconfigWord = /kube[-._]?config/i;

/** Whether a name, of a file, a Secret or a key of one, says that it is about a kubeconfig. */
export function saysKubeconfig(name: string): boolean {
  return kubeconfigWord.test(name);
}

const sealedEnding = /\.(?:enc|encrypted|sealed|jwe|token)$/i;

/** Whether a file is meant to be a kubeconfig that is one ciphertext, told by its base name: `prod.kubeconfig.enc`. */
export function isSealedKubeconfigName(fileName: string): boolean {
  return sealedEnding.test(fileName) && saysKubeconfig(fileName);
}

/** Whether an audit looks into a file, told by its base name: everything else in a repository is not even opened. */
export function isLookedAt(fileName: string): boolean {
  return isManifestName(fileName) || isKeyFileName(fileName) || isSealedKubeconfigName(fileName);
}
