{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__people', 'customer_key') }}") }}
{#- An opt-out on any record of a person counts for the person: each version adds or takes back one, and the sum up to a
    version says how many records stand opted out. Windows run over few columns; the rest is joined at the end. -#}
with records as (
    select * from {{ ref('int_identity__records') }}
),

versions as (
    select
        customer_keys.customer_key,
        records.customer_id,
        records.known_from,
        records.recorded_at,
        records.merged_into_id is not null as is_merged_away,
        case when records.is_contactable = false then 1 else 0 end as is_opted_out
    from records
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on records.customer_id = customer_keys.customer_id
    {{ filter_to_changed('int_changes__people', 'customer_keys.customer_key') }}
),

people as (
    select
        customer_key,
        min(recorded_at) as created_at,
        count(distinct customer_id) as source_record_count,
        min(case when is_merged_away then 1 else 0 end) = 1 as is_merged_away
    from versions
    group by customer_key
),

opt_outs as (
    select
        *,
        is_opted_out - coalesce(
            lag(is_opted_out) over (partition by customer_id order by known_from), 0
        ) as opt_out_change
    from versions
),

standing as (
    select
        *,
        sum(opt_out_change) over (partition by customer_key order by known_from) as opt_outs_standing
    from opt_outs
),

ranked as (
    select
        standing.*,
        people.created_at,
        people.source_record_count,
        row_number() over (
            partition by standing.customer_key, standing.known_from
            order by standing.recorded_at asc nulls last, standing.customer_id asc
        ) as version_rank
    from standing
    inner join people on standing.customer_key = people.customer_key
    where not standing.is_merged_away or people.is_merged_away
),

dated as (
    select
        *,
        lead(known_from) over (partition by customer_key order by known_from) as valid_to
    from ranked
    where version_rank = 1
),

final as (
    select
        dated.customer_key,
        dated.customer_id,
        dated.known_from as valid_from,
        dated.valid_to,
        dated.valid_to is null as is_current,
        records.name,
        records.email,
        records.phone,
        records.country,
        records.region,
        records.segment,
        records.language,
        records.birth_date,
        records.is_vip,
        case when dated.opt_outs_standing > 0 then false else records.is_contactable end as is_contactable,
        records.acquisition_channel,
        records.owner_id,
        records.attributes,
        dated.created_at,
        dated.source_record_count
    from dated
    inner join records on dated.customer_id = records.customer_id and dated.known_from = records.known_from
)

select * from final
