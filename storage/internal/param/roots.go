package param

import (
	"crypto/x509"
	"fmt"
	"os"
)

// ReadRoots returns the certificates of the system and those in the file, in PEM form,
// which sign the certificate of a store's server; nil if no file is named. The
// parameter is for the error.
func ReadRoots(parameter, file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", parameter, err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("parameter %q: %s holds no certificate in PEM form", parameter, file)
	}
	return roots, nil
}
