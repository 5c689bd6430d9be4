package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Where the API server is, and the files to talk to it with.
type apiServer struct {
	URL         string `json:"url"`
	Authority   string `json:"authority"`
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

func (server apiServer) annotate(namespace, pod, address string) error {
	annotations := map[string]string{"cni.projectcalico.org/podIP": address, "cni.projectcalico.org/podIPs": address}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": annotations}})
	if err != nil {
		return err
	}
	target, err := url.JoinPath(server.URL, "api/v1/namespaces", namespace, "pods", pod, "status")
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPatch, target, bytes.NewReader(patch))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/merge-patch+json")
	client, err := server.client()
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the API server answers %s", response.Status)
	}
	return nil
}

func (server apiServer) client() (*http.Client, error) {
	authority, err := os.ReadFile(server.Authority)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s holds no certificate", server.Authority)
	}
	pair, err := tls.LoadX509KeyPair(server.Certificate, server.Key)
	if err != nil {
		return nil, err
	}
	settings := &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: settings}}, nil
}
