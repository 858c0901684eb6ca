{{ config(materialized='incremental', unique_key=['customer_id', 'updated_at']) }}
with landed as (
    select *
    from {{ landed('crm', 'customers') }} as landed
    {{ with_existing_versions('crm', 'customers', ['customer_id', 'updated_at']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, updated_at
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        customer_id,
        name,
        email,
        phone,
        social_handle,
        external_id,
        merged_into_id,
        country,
        region,
        segment,
        language,
        birth_date,
        is_vip,
        is_contactable,
        acquisition_channel,
        owner_id,
        created_at,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
