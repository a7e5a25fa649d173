//! Three agencies for the samples.

use idp_domain::{Agency, Lang, Localized};

use super::AgencyRow;
use crate::page::search::Directory;

/// The row of an agency.
pub(super) fn row(lang: Lang) -> AgencyRow {
    let directory = directory();
    let slice = directory.slice(lang, "WFP", None, 0, 1, |_| true);
    let row = |entry| AgencyRow::new(entry, lang, "/login/t1/agency/wfp".to_owned());
    slice.entries.first().copied().map_or_else(
        || AgencyRow {
            href: String::new(),
            name: String::new(),
            acronym: None,
            logo: None,
            initials: String::new(),
        },
        row,
    )
}

/// A directory of three agencies.
pub(super) fn directory() -> Directory {
    let wfp = [
        "برنامج الأغذية العالمي",
        "World Food Programme",
        "Programa Mundial de Alimentos",
        "Programme alimentaire mondial",
        "Всемирная продовольственная программа",
        "世界粮食计划署",
    ];
    let unhcr = [
        "مفوضية الأمم المتحدة السامية لشؤون اللاجئين",
        "Office of the United Nations High Commissioner for Refugees",
        "Oficina del Alto Comisionado de las Naciones Unidas para los Refugiados",
        "Haut-Commissariat des Nations Unies pour les réfugiés",
        "Управление Верховного комиссара ООН по делам беженцев",
        "联合国难民事务高级专员公署",
    ];
    let fao = [
        "منظمة الأغذية والزراعة للأمم المتحدة",
        "Food and Agriculture Organization of the United Nations",
        "Organización de las Naciones Unidas para la Alimentación y la Agricultura",
        "Organisation des Nations Unies pour l’alimentation et l’agriculture",
        "Продовольственная и сельскохозяйственная организация ООН",
        "联合国粮食及农业组织",
    ];
    let agencies = [
        ("wfp", wfp, &["WFP", "PAM", "PMA", "ВПП"][..]),
        ("unhcr", unhcr, &["UNHCR", "HCR", "ACNUR", "УВКБ"]),
        ("fao", fao, &["FAO", "ФАО", "فاو"]),
    ];
    Directory::new(agencies.into_iter().filter_map(|(id, names, aliases)| {
        let names = Lang::ALL.into_iter().zip(names.map(str::to_owned));
        Some(Agency {
            id: id.parse().ok()?,
            names: Localized::new(names),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            domains: Vec::new(),
            scopes: Vec::new(),
            logo: None,
            contacts: Vec::new(),
            factors: idp_domain::FactorRules::default(),
            sessions: idp_domain::session::Narrower::default(),
            enabled: true,
        })
    }))
}
