//! HTTPS with the simulator's own authority.

use reqwest::Certificate;

use crate::common::{ADMIN, CLIENT_ID, builder, client, sim};

#[test]
fn only_those_who_trust_the_authority_connect() {
    let running = sim().tls().start().unwrap();
    assert!(running.url().starts_with("https://127.0.0.1:"));
    let url = format!("{}/v4_6_release/apis/3.0/company/companies", running.url());
    assert!(client().get(&url).send().is_err());
    let authority = Certificate::from_pem(running.ca_pem().unwrap().as_bytes()).unwrap();
    let trusting = builder().tls_certs_only([authority]).build().unwrap();
    let request = trusting.get(&url).basic_auth(format!("acme+{}", ADMIN.0), Some(ADMIN.1));
    let response = request.header("clientId", CLIENT_ID).send().unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["link"].to_str().unwrap().starts_with("<https://127.0.0.1:"));
}
