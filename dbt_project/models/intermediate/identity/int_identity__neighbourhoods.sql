with periods as (
    select * from {{ ref('int_identity__validity_periods') }}
),

{# Restricts the windows below to the few identifiers with more than one validity period. #}
repeated as (
    select
        identifier_type,
        identifier
    from periods
    group by identifier_type, identifier
    having count(*) > 1
),

claims as (
    select
        periods.customer_id,
        periods.identifier_type,
        periods.identifier,
        min(periods.known_on) as known_on
    from periods
    inner join repeated
        on periods.identifier_type = repeated.identifier_type and periods.identifier = repeated.identifier
    group by periods.customer_id, periods.identifier_type, periods.identifier
),

{# Ten times the cap suffices to find the night on which an identifier exceeded it. #}
ranked as (
    select
        claims.*,
        10 * caps.maximum_records as maximum_claims,
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
    where claim_count > 1 and (maximum_claims is null or claim_rank <= maximum_claims)
),

joined_links as (
    select
        record_number,
        identifier_number
    from numbered
),

{{ connected_components() }},

final as (
    select
        numbered.customer_id,
        numbered.identifier_type,
        numbered.identifier,
        component_labels.label as neighbourhood
    from numbered
    inner join component_labels on numbered.record_number = component_labels.record_number
)

select * from final
