with spells as (
    select * from {{ ref('int_identity__spells') }}
),

{# Few identifiers were ever said more than once: only they are looked at closely. #}
repeated as (
    select
        identifier_type,
        identifier
    from spells
    group by identifier_type, identifier
    having count(*) > 1
),

claims as (
    select
        spells.customer_id,
        spells.identifier_type,
        spells.identifier,
        min(spells.known_on) as known_on
    from spells
    inner join repeated
        on spells.identifier_type = repeated.identifier_type and spells.identifier = repeated.identifier
    group by spells.customer_id, spells.identifier_type, spells.identifier
),

{# Of an identifier that everybody has, the first records tell when it came to be too many. #}
ranked as (
    select
        claims.*,
        10 * caps.maximum_records as records_looked_at,
        count(*) over (partition by claims.identifier_type, claims.identifier) as claim_count,
        row_number() over (
            partition by claims.identifier_type, claims.identifier order by claims.known_on, claims.customer_id
        ) as claim_rank
    from claims
    left join {{ ref('identity_caps') }} as caps on claims.identifier_type = caps.identifier_type
),

numbered as (
    select
        customer_id,
        identifier_type,
        identifier,
        dense_rank() over (order by md5(customer_id), customer_id) as record_number,
        dense_rank() over (order by identifier_type, identifier) as identifier_number
    from ranked
    where claim_count > 1 and (records_looked_at is null or claim_rank <= records_looked_at)
),

joined_links as (
    select
        record_number,
        identifier_number
    from numbered
),

{{ linked_components() }},

final as (
    select
        numbered.customer_id,
        numbered.identifier_type,
        numbered.identifier,
        linked.label as neighbourhood
    from numbered
    inner join linked on numbered.record_number = linked.record_number
)

select * from final
