// Package connection says how to reach SpiceDB.
package connection

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"

	"github.com/authzed/grpcutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Settings are what a user gives.
type Settings struct {
	Endpoint string
	Token    string
	// Insecure means plaintext.
	Insecure bool
	// Authority has the certificates to verify the server with, in PEM; empty means the system's.
	Authority string
	// ServiceConfig is gRPC's, as JSON; empty means none.
	ServiceConfig string
	// Retries says whether gRPC may try a request again that the server never saw, or as ServiceConfig says.
	Retries bool
	// KeepaliveTime is how long a connection may be silent before it is asked whether it still lives; 0 means never.
	KeepaliveTime time.Duration
	// KeepaliveTimeout is how long it has to answer.
	KeepaliveTimeout time.Duration
}

// Open returns a connection, which is made at the first request.
func (s Settings) Open() (*grpc.ClientConn, error) {
	options := []grpc.DialOption{}
	if s.ServiceConfig != "" {
		options = append(options, grpc.WithDefaultServiceConfig(s.ServiceConfig))
	}
	if s.KeepaliveTime > 0 {
		asked := keepalive.ClientParameters{Time: s.KeepaliveTime, Timeout: s.KeepaliveTimeout}
		options = append(options, grpc.WithKeepaliveParams(asked))
	}
	if !s.Retries {
		options = append(options, grpc.WithDisableRetry())
	}
	if s.Insecure {
		plain := grpc.WithTransportCredentials(insecure.NewCredentials())
		options = append(options, plain, grpcutil.WithInsecureBearerToken(s.Token))
		return grpc.NewClient(s.Endpoint, options...)
	}
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Authority != "" {
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM([]byte(s.Authority)) {
			return nil, errors.New("the authority is no certificate in PEM")
		}
	}
	secure := grpc.WithTransportCredentials(credentials.NewTLS(settings))
	return grpc.NewClient(s.Endpoint, append(options, secure, grpcutil.WithBearerToken(s.Token))...)
}
