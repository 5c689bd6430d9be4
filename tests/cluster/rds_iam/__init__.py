"""RDS with IAM, without AWS: what EKS and RDS do for a SpiceDB with `aws.rds`, played by two small servers.

`agent.Agent` is the agent of EKS Pod Identity: it gives credentials to pods that show a ServiceAccount's token.
`proxy.Proxy` is RDS in front of a real PostgreSQL: it takes a fresh token, signed with those credentials, inside TLS.
Both run in threads of the caller's process, share the keys in memory, and end with their `with`.

`tests/judges/test_rds_iam.py` shows them with SpiceDB as plain processes. A scenario in a cluster needs, besides:

- The agent's address. Pods ask http://169.254.170.23/v1/credentials; besides loopback, AWS's library takes few others.
  Give that address to the host's end of the node's link too, `ip address add 169.254.170.23/32 dev LINK`, and the node
  a route, `ip route add 169.254.170.23 dev LINK`: the Agent listens there at port 80. On EKS the agent is on the node
  itself; for the pod and its NetworkPolicy, which names address and port, that is the same. An agent on the node
  would be cut off by Felix, unless its DefaultEndpointToHostAction is Accept.
- Who asks. `account_of` gets the token that the pod sent. A TokenReview for the audience pods.eks.amazonaws.com says
  whose it is; an association is then a name in a set. What EKS adds to pods is `agent.injected(url)`, as values of the
  chart: once for the server, once below `config.migrations`.
- The database. A PostgreSQL of its own listens at a socket alone, as `processes.postgresql` starts it, so that nothing
  gets in but through the Proxy. That listens where pods reach it, `proxy.listening("10.199.0.1", 5433)`, which
  `aws.rds.port` and `networkPolicy.datastore.to` name.
- Its name. `aws.rds.hostname` is what tokens are signed for and what the certificate must be valid for; its ca.crt goes
  into the Secret of `config.tls.datastore`. It must resolve in pods: by an entry of CoreDNS's plug-in `hosts`, before
  `kubernetes` and with `fallthrough`, because the chart has no hostAliases.
"""
