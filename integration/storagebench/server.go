package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	accessKey = "storagebench"
	secretKey = "storagebench-secret"
	bucket    = "bench"
)

// server is a running MinIO.
type server struct {
	endpoint string
	ca       string // the file of its certificate, or empty
	cmd      *exec.Cmd
}

// startServer runs MinIO on a folder.
func startServer(ctx context.Context, c config, data string, tls bool) (*server, error) {
	home, err := os.MkdirTemp(c.dir, "storagebench-home-")
	if err != nil {
		return nil, err
	}
	s := &server{}
	scheme := "http"
	if tls {
		scheme = "https"
		if s.ca, err = writeCertificate(home); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	listener.Close()
	s.endpoint = scheme + "://" + address
	s.cmd = exec.CommandContext(ctx, filepath.Join(c.tools, "minio"), "server", "--quiet", "--address", address, "--certs-dir", home, data)
	s.cmd.Env = append(os.Environ(), "HOME="+home, "MINIO_ROOT_USER="+accessKey, "MINIO_ROOT_PASSWORD="+secretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off")
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.await(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// await waits until the server answers, whatever it answers.
func (s *server) await(ctx context.Context) error {
	transport := &http.Transport{TLSClientConfig: trust(s.ca)}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for range 600 {
		response, err := client.Get(s.endpoint + "/minio/health/ready")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("MinIO does not answer")
}

// environment is what all clients find the server by.
func (s *server) environment(endpoint string) []string {
	env := append(os.Environ(), "AWS_ACCESS_KEY_ID="+accessKey, "AWS_SECRET_ACCESS_KEY="+secretKey, "AWS_REGION=us-east-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true", "BENCH_ENDPOINT="+endpoint)
	if s.ca != "" {
		env = append(env, "SSL_CERT_FILE="+s.ca, "AWS_CA_BUNDLE="+s.ca)
	}
	return env
}

// writeCertificate makes a certificate for the loopback address, which signs
// itself, where MinIO looks for one.
func writeCertificate(dir string) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return "", err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "public.crt")
	return file, errors.Join(
		os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(filepath.Join(dir, "private.key"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600))
}

func (s *server) String() string { return fmt.Sprintf("MinIO at %s", s.endpoint) }
